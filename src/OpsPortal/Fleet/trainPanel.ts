import { stateWords } from '../Alerts/words';
import type { WireAlert } from '../Feed/frames';
import { asOf } from '../Layout/clock';
import { keyed, make, mark, say } from '../Layout/dom';
import type { TrainOnMap } from './fleet';
import type { View } from './live.entry';
import { age, connectivityWords, doubtWords } from './words';

const FACTS = ['line', 'speed', 'position', 'connectivity', 'measured', 'received', 'recorded', 'worst'] as const;
const LABELS: Record<(typeof FACTS)[number], string> = {
  line: 'Line', speed: 'Speed', position: 'Position', connectivity: 'State', measured: 'Measured', received: 'Received', recorded: 'Recorded', worst: 'Worst sensor',
};

/** The selected train: what is known of it, as of when, and its open alerts. */
export function mountTrainPanel(panel: HTMLElement, close: () => void): (view: View) => void {
  const parts = build(panel, close);
  let shown: string | null = null;
  let openedFrom: HTMLElement | null = null;
  panel.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      close();
    }
  });
  return (view) => {
    const train = view.selected === null ? undefined : view.fleet.trains.get(view.selected);
    if (train === undefined) {
      if (shown !== null) {
        panel.hidden = true;
        openedFrom?.focus();
      }

      shown = null;
      return;
    }

    fill(parts, train, view);
    if (shown !== train.id) {
      openedFrom = shown === null ? (document.activeElement as HTMLElement) : openedFrom;
      shown = train.id;
      panel.hidden = false;
      panel.focus({ preventScroll: true });
    }
  };
}

function build(panel: HTMLElement, close: () => void) {
  const head = panel.appendChild(make('header'));
  const badge = head.appendChild(make('span', 'mark'));
  const name = head.appendChild(make('h2'));
  name.id = panel.getAttribute('aria-labelledby') ?? '';
  const closer = head.appendChild(make('button', 'quiet', 'Close'));
  closer.type = 'button';
  closer.addEventListener('click', close);
  const list = panel.appendChild(make('dl', 'facts'));
  const facts = new Map(FACTS.map((fact) => {
    list.append(make('dt', '', LABELS[fact]));
    return [fact, list.appendChild(make('dd'))];
  }));
  panel.append(make('h3', '', 'Open alerts'));
  const alerts = panel.appendChild(make('ul', 'train-alerts'));
  const none = panel.appendChild(make('p', 'empty'));
  const ways = panel.appendChild(make('p', 'ways'));
  const page = ways.appendChild(make('a', 'button', 'Open the train'));
  const link = ways.appendChild(make('a', 'button', 'Its alerts'));
  return { badge, name, facts, alerts, none, page, link };
}

function fill(parts: ReturnType<typeof build>, train: TrainOnMap, view: View): void {
  const at = (time: number | null) => (time === null ? 'never' : `${asOf(new Date(time), new Date(view.now))} (${age(view.now - time)} ago)`);
  mark(parts.badge, { kind: train.worstAlert ?? (view.isCurrent ? train.connectivity : 'unknown') });
  say(parts.name, train.name);
  const facts: Record<(typeof FACTS)[number], string> = {
    line: `${train.line}${train.km === null ? '' : ` · km ${train.km.toFixed(1)}`} · class ${train.class} · ${train.depot}`,
    speed: train.speed === null ? 'not known' : `${train.speed.toFixed(0)} km/h`,
    position: train.latitude === null || train.longitude === null ? 'position unknown' : `${degrees(train.latitude, train.longitude)}${olderBy(train)}${doubtWords(train.isSuspect)}`,
    connectivity: connectivityWords(train.connectivity, view.isCurrent) + (train.connectivity === 'online' && view.isCurrent ? '' : `, last heard ${at(train.receivedAt)}`),
    measured: at(train.measuredAt),
    received: at(train.receivedAt),
    recorded: train.originalMeasuredAt === null ? '' : `${original(train.originalMeasuredAt)} (original time)`,
    worst: worstSensor(view.fleet.alertsOf(train.id)) ?? (view.isCurrent && train.connectivity === 'online' ? 'no open alert names one' : 'not known'),
  };
  parts.facts.forEach((element, fact) => {
    say(element, facts[fact]);
    element.hidden = (element.previousElementSibling as HTMLElement).hidden = facts[fact] === '';
  });
  const alerts = view.fleet.alertsOf(train.id);
  keyed(parts.alerts, alerts, (alert) => alert.id, createAlert, updateAlert);
  say(parts.none, alerts.length > 0 ? '' : view.isCurrent ? 'None.' : 'None when the data stopped.');
  parts.page.href = `/trains/${encodeURIComponent(train.id)}`;
  parts.link.href = `/alerts?train=${encodeURIComponent(train.id)}`;
}

/** "axle box 3-2 right 78.2 °C, expected 61.0": what carries the worst alert most, or null without an alert. */
export function worstSensor(worstFirst: readonly Pick<WireAlert, 'shares'>[]): string | null {
  const share = worstFirst.find((alert) => alert.shares.length > 0)?.shares[0];
  if (share === undefined) {
    return null;
  }

  const value = (number: number | null) => (number === null ? 'not known' : number.toFixed(Math.abs(number) >= 100 ? 0 : Math.abs(number) >= 10 ? 1 : 2));
  return `${share.words} ${value(share.observed)} ${share.unit}`.trim() + (share.expected === null ? '' : `, expected ${value(share.expected)}`);
}

/** How much older the last good position is than the newest message. */
function olderBy(train: TrainOnMap): string {
  const older = train.positionAt === null || train.measuredAt === null ? 0 : train.measuredAt - train.positionAt;
  return older > 0 ? `, ${age(older)} older than the newest message` : '';
}

/** "2025-09-23 08:15:02 UTC": a day long past is told whole, and in no browser's zone. */
export function original(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** "54.5422° N, 1.5489° W". */
export function degrees(latitude: number, longitude: number): string {
  const part = (value: number, plus: string, minus: string) => `${Math.abs(value).toFixed(4)}° ${value < 0 ? minus : plus}`;
  return `${part(latitude, 'N', 'S')}, ${part(longitude, 'E', 'W')}`;
}

function createAlert(): HTMLElement {
  const item = make('li');
  const head = item.appendChild(make('span', 'head'));
  head.appendChild(make('span', 'mark')).setAttribute('aria-hidden', 'true');
  head.appendChild(make('span', 'severity'));
  item.append(make('span', 'why'), make('span', 'state'));
  return item;
}

function updateAlert(item: HTMLElement, alert: WireAlert): void {
  mark(item, { severity: alert.severity });
  mark(item.querySelector<HTMLElement>('.mark')!, { kind: alert.severity });
  say(item.querySelector('.severity')!, alert.severity);
  say(item.querySelector('.why')!, alert.explanation);
  say(item.querySelector('.state')!, stateWords(alert));
}
