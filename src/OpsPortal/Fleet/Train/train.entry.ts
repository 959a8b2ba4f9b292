import { type Link, followFeed } from '../../Feed/feed';
import { mark, say } from '../../Layout/dom';
import { Fleet } from '../fleet';
import { freshness } from '../freshness';
import { Latency } from '../latency';
import { Anomalies } from './anomalies';
import { mountAnomalyCard } from './anomalyCard';
import { ask, keepAsking } from './ask';
import { mountConsist } from './consistView';
import { mountHead } from './head';
import { mountHistory } from './historyCard';
import { mountLoadThen } from './loadThen';
import { note, type PanelState } from './note';
import { Plots } from './plots';
import { between, put, type Range, readRange, writeRange } from './range';
import { mountRangeBar } from './rangeBar';
import { viewSensors } from './sensorState';
import { mountShadow } from './shadowCard';
import { mountValues } from './values';
import { leadWithWindow } from './windowLinks';
import type { Alert, Anomaly, List, Shadow, TrainDetail } from './wire';

/** What the parts of the page show. */
export interface Shown {
  id: string;
  detail: TrainDetail | null;
  fleet: Fleet;
  /** Only then may anything be shown as the present. */
  isCurrent: boolean;
  why: string;
  problem: string | null;
  now: number;
}

const DETAIL_EVERY = 1_000;
// Milliseconds within which changes are shown together.
const SHOW_EVERY = 120;
const CARDS_EVERY = 5_000;
// Without an answer for this long, what is shown is not the present.
const OLD_AFTER = 6_000;
const HISTORY = 50;

const page = document.getElementById('train-page');
if (page !== null) {
  mountTrain(page);
}

/** Joins API, feed and the parts of the page. */
function mountTrain(page: HTMLElement): void {
  const part = <T extends HTMLElement>(selector: string) => page.querySelector<T>(selector)!;
  const id = page.dataset['train']!;
  const address = `/api/trains/${encodeURIComponent(id)}`;
  const query = new URLSearchParams(location.search);
  const fleet = new Fleet();
  const clock = new Latency();
  let link: Link = 'connecting';
  let frameAt = 0;
  let detail: TrainDetail | null = null;
  let detailAt = -Infinity;
  let problem: string | null = null;
  let range = readRange(query);
  let sensor = query.get('sensor');
  const now = () => clock.serverTime(Date.now());

  const cards = {
    alerts: panel<List<Alert>>(part('.alerts-card .note'), `/api/alerts?train=${encodeURIComponent(id)}&limit=${HISTORY}`),
    shadow: panel<Shadow>(part('.shadow-card .note'), `${address}/shadow`),
  };
  const plots = new Plots(part('.plot-list'), id, { zoom: (from, to) => change((_, at) => between(from, to, at)), choose: (anomaly) => choose(anomaly) });
  const [wanted, at] = [query.get('anomaly'), query.get('at')];
  const anomalies = new Anomalies(id, () => ({ range, now: now() }), wanted === null || at === null ? null : { id: wanted, at }, () => show());
  const loadThen = mountLoadThen(id, () => show());
  const head = mountHead(page);
  const consist = mountConsist(part('.consist-frame'), select);
  const values = mountValues(part('.values'), select);
  const bar = mountRangeBar(part('.plots-bar'), part('.plot-list'), change);
  const card = mountAnomalyCard(part('.anomaly-body'), { step: (by) => anomalies.step(by), show: (anomaly) => centre(anomaly.measuredAt), select });
  const history = mountHistory(part('.train-history'), (alert) => centre(alert.raisedAt));
  const shadow = mountShadow(part('.shadow-words'), part('.shadow-frame'));

  function change(next: (range: Range, now: number) => Range): void {
    range = next(range, now());
    anomalies.renew();
    show();
  }

  function centre(time: string): void {
    const middle = Date.parse(time);
    change((old, at) => between(middle - old.length / 2, middle + old.length / 2, at));
  }

  function select(chosen: string): void {
    sensor = chosen;
    showNow();
    plots.focus(chosen);
  }

  function choose(anomaly: Anomaly): void {
    anomalies.choose(anomaly);
    say(part('#train-news'), `Anomaly chosen: ${anomaly.shares[0]?.words ?? anomaly.subsystem}`);
  }

  // Frames, answers and the clock come as they like; what they change is shown once.
  let isDue = false;
  function show(): void {
    if (!isDue) {
      isDue = true;
      setTimeout(showNow, SHOW_EVERY);
    }
  }

  function showNow(): void {
    isDue = false;
    const fresh = freshness(fleet, link, performance.now() - frameAt);
    const isCurrent = fresh.isCurrent && performance.now() - detailAt < OLD_AFTER;
    mark(page, { feedState: fresh.state, feedAsOf: fresh.asOf === null ? null : new Date(fresh.asOf).toISOString(), feedWhy: fresh.why, current: String(isCurrent) });
    const shown: Shown = { id, detail, fleet, isCurrent, why: fresh.why || problem || '', problem, now: now() };
    head(shown);
    if (detail !== null) {
      const sensors = viewSensors(detail, isCurrent, shown.now);
      consist(sensors, detail.cars, sensor);
      values(sensors, sensor);
      const silent = sensors.filter((view) => view.isStale).length;
      const words = sensors.length === 0 ? 'Nothing was ever measured.' : isCurrent && silent > 0 && silent < sensors.length ? `${silent} of ${sensors.length} sensors silent` : '';
      note(part('.consist .note'), isCurrent ? (sensors.length === 0 ? 'empty' : 'ready') : 'error', detail.measuredAt === null ? null : Date.parse(detail.measuredAt), shown.now, isCurrent ? words : shown.why || 'Not renewed.');
    } else if (problem !== null) {
      note(part('.consist .note'), 'error', null, shown.now, problem);
    }

    plots.show({ range, now: shown.now, anomalies: anomalies.all, chosen: anomalies.chosen?.id ?? null });
    bar(range, shown.now, plots.limited);
    leadWithWindow(page, range, shown.now);
    showCards(shown);
    remember();
  }

  function showCards(shown: Shown): void {
    const load = anomalies.chosen === null || detail === null ? '' : loadThen(anomalies.chosen, detail.sensors);
    card({ anomaly: anomalies.chosen, place: anomalies.place, all: anomalies.all.length, load }, shown.now);
    const state: PanelState = anomalies.problem !== null ? 'error' : !anomalies.isLoaded ? 'loading' : anomalies.all.length === 0 ? 'empty' : 'ready';
    note(part('.anomaly-card .note'), state, anomalies.asOf, shown.now, anomalies.problem ?? (state === 'empty' ? 'None in the range shown' : anomalies.limited ?? (anomalies.isPicked ? '' : 'the strongest in the range')));
    cards.alerts.show(shown.now, (list) => {
      history(list.items, shown.now);
      return list.items.length === 0 ? 'None so far' : list.next === null ? '' : `The newest ${HISTORY}; the others are in Alerts`;
    });
    cards.shadow.show(shown.now, (document) => {
      shadow(document, shown.now);
      return '';
    });
  }

  function remember(): void {
    const next = new URLSearchParams(location.search);
    writeRange(next, range);
    put(next, 'sensor', sensor);
    put(next, 'anomaly', anomalies.isPicked ? anomalies.chosen!.id : wanted !== null && !anomalies.isLoaded ? wanted : null);
    put(next, 'at', anomalies.isPicked ? anomalies.chosen!.measuredAt : wanted !== null && !anomalies.isLoaded ? at : null);
    const search = next.size === 0 ? '' : `?${next}`;
    if (search !== location.search) {
      window.history.replaceState(window.history.state, '', `${location.pathname}${search}`);
    }
  }

  let isFirst = true;
  keepAsking(async () => {
    try {
      detail = await ask<TrainDetail>(address);
      detailAt = performance.now();
      problem = null;
      plots.take(detail.sensors);
    } catch (trouble) {
      problem = (trouble as Error).message;
      throw trouble;
    } finally {
      showNow();
      if (isFirst && detail !== null && sensor !== null) {
        isFirst = false;
        plots.focus(sensor);
      }
    }
  }, DETAIL_EVERY);
  keepAsking(() => cards.alerts.ask(), CARDS_EVERY);
  keepAsking(() => cards.shadow.ask(), CARDS_EVERY);
  followFeed('/hubs/feed', {
    frame(frame, isSnapshot) {
      frameAt = performance.now();
      clock.hear(Date.parse(frame.at), Date.now());
      fleet.take(frame, isSnapshot);
      if (frame.alerts?.some((alert) => alert.trainId === id)) {
        void cards.alerts.ask().then(show, () => undefined);
      }

      if (!isSnapshot && frame.anomalies?.some((anomaly) => anomaly.trainId === id)) {
        anomalies.renew();
      }
    },
    link(changed) {
      link = changed;
      show();
    },
  });
  setInterval(show, 1_000);
}

/** What a card knows, and how it came by it. */
function panel<T extends { asOf: string | null }>(line: HTMLElement, url: string) {
  let known: T | null = null;
  let problem: string | null = null;
  return {
    async ask(): Promise<void> {
      try {
        known = await ask<T>(url);
        problem = null;
      } catch (trouble) {
        problem = (trouble as Error).message;
        throw trouble;
      }
    },
    show(now: number, fill: (known: T) => string): void {
      const words = known === null ? '' : fill(known);
      note(line, problem !== null ? 'error' : known === null ? 'loading' : 'ready', known?.asOf == null ? null : Date.parse(known.asOf), now, problem ?? words);
    },
  };
}
