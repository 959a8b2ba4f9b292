import { announceAlerts } from '../Alerts/announce';
import { type Feed, followFeed, type Link } from '../Feed/feed';
import { mark } from '../Layout/dom';
import { mountFigures } from './figures';
import { Fleet } from './fleet';
import { freshness } from './freshness';
import { Latency } from './latency';
import { mountNewest } from './newest';
import { mountTabs } from './tabs';
import { mountTrainPanel } from './trainPanel';
import { mountTrainTable } from './trainTable';
import type { MapView } from '../Map/map';

/** What the parts of the page show: the fleet, whether it is current, and which train is selected. */
export interface View {
  fleet: Fleet;
  isCurrent: boolean;
  asOf: number | null;
  /** Now, in the server's time (ms). */
  now: number;
  latency: number | null;
  selected: string | null;
}

// Milliseconds between two renewals of figures and lists.
const LIST_EVERY = 450;

const page = document.getElementById('live');
if (page !== null) {
  mountLive(page);
}

/** Joins feed, figures, lists and map; returns what ends it. */
export function mountLive(page: HTMLElement): Feed {
  const part = <T extends HTMLElement>(selector: string) => page.querySelector<T>(selector)!;
  const fleet = new Fleet();
  const latency = new Latency();
  const announce = announceAlerts(part('#alert-news'));
  const mapElement = part('#map');
  let map: MapView | undefined;
  let link: Link = 'connecting';
  let frameAt = 0;
  let selected: string | null = null;

  let listedAt = 0;
  const select = (id: string | null) => {
    selected = id;
    listedAt = 0;
    show();
  };
  const figures = mountFigures(part('.figures'));
  const newest = mountNewest(part('.newest'), part('.empty'), select);
  const table = mountTrainTable(part('.trains tbody'), part('#tab-trains'), select);
  const panel = mountTrainPanel(part('#train'), () => select(null));
  mountTabs(part('[role=tablist]'));

  function view(): View {
    const fresh = freshness(fleet, link, performance.now() - frameAt);
    mark(page, { feedState: fresh.state, feedAsOf: fresh.asOf === null ? null : new Date(fresh.asOf).toISOString(), feedWhy: fresh.why });
    return { fleet, isCurrent: fresh.isCurrent, asOf: fresh.asOf, now: latency.serverTime(Date.now()), latency: latency.median(), selected };
  }

  function show(): void {
    const shown = view();
    map?.show(shown);
    // Frames may come ten times a second; words that change faster than this cannot be read.
    if (performance.now() - listedAt >= LIST_EVERY) {
      listedAt = performance.now();
      [figures, newest, table, panel].forEach((part) => part(shown));
    }
  }

  const feed = followFeed('/hubs/feed', {
    frame(frame, isSnapshot) {
      const arrivedAt = Date.now();
      frameAt = performance.now();
      announce(fleet.take(frame, isSnapshot));
      show();
      // After the next paint: only then has anybody seen it.
      requestAnimationFrame(() => setTimeout(() => {
        if (fleet.storeProblem === null) {
          latency.take(Date.parse(frame.at), arrivedAt, Date.now(), fleet.trains.values());
        }
      }));
    },
    link(changed) {
      link = changed;
      show();
    },
  });
  const ticking = setInterval(show, 1_000);

  // The figures and lists do not wait for the map.
  void import('../Map/map').then(
    async ({ mountMap }) => {
      map = await mountMap(mapElement, part('.map-notice'), select);
      show();
    },
    () => {
      part('.map-notice').hidden = false;
      part('.map-notice').textContent = 'The map could not be loaded. The list of trains beside it says the same.';
    },
  );
  return {
    stop() {
      clearInterval(ticking);
      feed.stop();
      map?.remove();
    },
  };
}
