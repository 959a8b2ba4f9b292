import { type LayerName, LAYERS } from '../Map/layers';

export interface Centre {
  latitude: number;
  longitude: number;
  zoom: number;
}

export type Tab = 'alerts' | 'trains';

/** What of the page stands in its address, so that it can be kept, sent, and restored. */
export interface LiveAddress {
  centre: Centre | null;
  hidden: ReadonlySet<LayerName>;
  train: string | null;
  tab: Tab;
}

/** Reads the address; what cannot be read counts as not given. */
export function readAddress(query: string): LiveAddress {
  const given = new URLSearchParams(query);
  const [latitude, longitude, zoom] = (given.get('at') ?? '').split(',').map(Number);
  const isPlace = [latitude, longitude, zoom].every((number) => Number.isFinite(number)) && Math.abs(latitude!) <= 85 && Math.abs(longitude!) <= 180;
  return {
    centre: isPlace ? { latitude: latitude!, longitude: longitude!, zoom: zoom! } : null,
    hidden: new Set(LAYERS.filter((name) => (given.get('hide') ?? '').split(',').includes(name))),
    train: given.get('train') || null,
    tab: given.get('tab') === 'trains' ? 'trains' : 'alerts',
  };
}

/** The query of the address, "" when nothing is out of the ordinary. */
export function writeAddress(address: LiveAddress): string {
  const { centre, hidden, train, tab } = address;
  const parts = [
    centre === null ? null : `at=${centre.latitude.toFixed(4)},${centre.longitude.toFixed(4)},${centre.zoom.toFixed(2)}`,
    hidden.size === 0 ? null : `hide=${LAYERS.filter((name) => hidden.has(name)).join(',')}`,
    train === null ? null : `train=${encodeURIComponent(train)}`,
    tab === 'alerts' ? null : `tab=${tab}`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

/** Keeps the page's address: takes what changed, without making the browser's history longer. */
export function keepAddress(): { now: LiveAddress; change(part: Partial<LiveAddress>): void } {
  const kept = { now: readAddress(location.search), change };
  function change(part: Partial<LiveAddress>): void {
    kept.now = { ...kept.now, ...part };
    const query = writeAddress(kept.now);
    if (query !== location.search) {
      history.replaceState(null, '', location.pathname + query);
    }
  }

  return kept;
}
