import { announceAlerts } from '../Alerts/announce';
import { type Feed, followFeed, type Link } from '../Feed/feed';
import { asOf } from '../Layout/clock';
import { mark, say } from '../Layout/dom';
import { type LayerName, mountLayerSwitch } from '../Map/layers';
import { fetchNetwork } from '../Map/network';
import { keepAddress } from './address';
import { mountFigures } from './figures';
import { Fleet } from './fleet';
import { freshness } from './freshness';
import { Latency } from './latency';
import { mountNewest } from './newest';
import { mountSearch } from './search';
import { mountTabs } from './tabs';
import { mountTrainPanel } from './trainPanel';
import { mountTrainTable } from './trainTable';
import { Ways } from './ways';

/** What the parts of the page show: the fleet, whether it is current, and which train is selected. */
export interface View {
  fleet: Fleet;
  isCurrent: boolean;
  asOf: number | null;
  /** Why it is not current, in words; "" while it is. */
  why: string;
  /** Now, in the server's time (ms). */
  now: number;
  latency: number | null;
  selected: string | null;
  /** Layers of the map that are switched off. */
  hidden: ReadonlySet<LayerName>;
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
  const address = keepAddress();
  let link: Link = 'connecting';
  let frameAt = 0;
  let listedAt = 0;
  const select = (id: string | null) => {
    address.change({ train: id });
    listedAt = 0;
    show();
  };
  const ways = new Ways(fleet, select);
  const figures = mountFigures(part('.figures'));
  const newest = mountNewest(part('.newest'), part('#panel-alerts .empty'), select);
  const table = mountTrainTable(part('.trains tbody'), part('#panel-trains .empty'), part('#tab-trains'), select);
  const panel = mountTrainPanel(part('#train'), () => select(null));
  const fits = ways.mountFit(part('.fit'));
  mountTabs(part('[role=tablist]'), `tab-${address.now.tab}`, (id) => {
    address.change({ tab: id === 'tab-trains' ? 'trains' : 'alerts' });
    listedAt = 0;
  });
  mountSearch(part('.search'), () => ways.finds(), (find) => ways.go(find));
  mountLayerSwitch(part('.map-layers'), address.now.hidden, (hidden) => {
    address.change({ hidden });
    ways.map?.hide(hidden);
    show();
  });

  function view(): View {
    const fresh = freshness(fleet, link, performance.now() - frameAt);
    mark(page, { feedState: fresh.state, feedAsOf: fresh.asOf === null ? null : new Date(fresh.asOf).toISOString(), feedWhy: fresh.why });
    return { fleet, isCurrent: fresh.isCurrent, asOf: fresh.asOf, why: fresh.why, now: latency.serverTime(Date.now()), latency: latency.median(), selected: address.now.train, hidden: address.now.hidden };
  }

  function show(): void {
    const shown = view();
    ways.map?.show(shown);
    // Frames may come ten times a second; words that change faster than this cannot be read.
    if (performance.now() - listedAt >= LIST_EVERY) {
      listedAt = performance.now();
      [figures, newest, table, panel, fits, stale].forEach((part) => part(shown));
    }
  }

  function stale(shown: View): void {
    const why = page.dataset['feedWhy'] ?? '';
    const empty = shown.isCurrent && fleet.trains.size === 0 ? 'There is no train in what you may see.' : '';
    say(part('.map-stale'), shown.isCurrent ? empty : shown.asOf === null ? why : `Not current. ${why} Positions as of ${asOf(new Date(shown.asOf), new Date(shown.now))}.`);
    part('.map-stale').hidden = part('.map-stale').textContent === '';
  }

  const feed = followFeed('/hubs/feed', {
    frame(frame, isSnapshot) {
      latency.hear(Date.parse(frame.at), Date.now());
      frameAt = performance.now();
      announce(fleet.take(frame, isSnapshot));
      show();
      // After the next paint: only then has anybody seen it.
      requestAnimationFrame(() => setTimeout(() => {
        // For who measures from outside: which frame has just been painted, and when.
        page.dispatchEvent(new CustomEvent('painted', { detail: { frame, paintedAt: Date.now() } }));
        if (fleet.storeProblem === null) {
          latency.take(Date.now(), fleet.trains.values());
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
  void Promise.all([import('../Map/map'), fetchNetwork()]).then(
    async ([{ mountMap }, network]) => {
      ways.network = network;
      ways.map = await mountMap(mapElement, part('.map-notice'), { network, centre: address.now.centre, select, moved: (centre) => address.change({ centre }) });
      ways.map.hide(address.now.hidden);
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
      ways.map?.remove();
    },
  };
}
