import { AttributionControl, Map as MapLibre, NavigationControl, setWorkerUrl } from 'maplibre-gl';
import type { Centre } from '../Fleet/address';
import type { View } from '../Fleet/live.entry';
import { mark } from '../Layout/dom';
import { theme, watchTheme } from '../Layout/theme';
import { colours } from './colours';
import { fitToFleet } from './fit';
import { hoverCard } from './hoverCard';
import { landLayer } from './landLayer';
import { type LayerName, showLayers } from './layers';
import { type Bounds, extent, type Network } from './network';
import { placeLayer } from './placeLayer';
import { railLayer } from './railLayer';
import { stationLayer } from './stationLayer';
import { Track } from './track';
import { trainLayer } from './trainLayer';

export interface MapView {
  show(view: View): void;
  /** Shows the given part of the world; null: the whole network. */
  fit(bounds: Bounds | null): void;
  /** Goes to a place, at least this close. */
  go(longitude: number, latitude: number, zoom: number): void;
  hide(hidden: ReadonlySet<LayerName>): void;
  remove(): void;
}

export interface MapAsks {
  network: Network;
  /** Where to begin; null: the whole network. */
  centre: Centre | null;
  select(id: string | null): void;
  moved(centre: Centre): void;
}

const BRITAIN: Bounds = [-5.8, 50.2, 1.6, 56.4];
const EUROPE: Bounds = [-40, 30, 55, 75];
const PADDING = 36;

/** Puts the map into the element. Everything it loads comes from this host. */
export async function mountMap(element: HTMLElement, notice: HTMLElement, asks: MapAsks): Promise<MapView> {
  setWorkerUrl('/js/maplibre-gl-worker.mjs');
  await document.fonts.load('16px "Inter Variable"');
  const { network, centre } = asks;
  const whole = extent(network) ?? BRITAIN;
  const begin = centre === null ? { bounds: whole, fitBoundsOptions: { padding: PADDING } } : { center: [centre.longitude, centre.latitude] as [number, number], zoom: centre.zoom };
  const map = new MapLibre({
    container: element,
    style: { version: 8, sources: {}, layers: [] },
    ...begin,
    minZoom: 3.5,
    maxZoom: 13,
    maxBounds: EUROPE,
    dragRotate: false,
    pitchWithRotate: false,
    fadeDuration: 0,
    attributionControl: false,
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
  map.addControl(new AttributionControl({ compact: true }), 'bottom-right');
  map.getCanvas().setAttribute('aria-label', 'Map of the fleet. The Trains list beside it says the same.');
  // An address that says where, a way that was asked for, or a hand on the map: from then on it is theirs, and only then it stands in the address.
  let isTheirs = centre !== null;
  map.on('movestart', (event) => (isTheirs ||= event.originalEvent !== undefined));
  map.on('moveend', () => isTheirs && asks.moved({ latitude: map.getCenter().lat, longitude: map.getCenter().lng, zoom: map.getZoom() }));

  const card = hoverCard(element.parentElement!);
  const trains = trainLayer(new Track(network), asks.select, card.at);
  const layers = [landLayer(), railLayer(network), placeLayer(), stationLayer(network), trains];
  await map.once('load');
  layers.forEach((layer) => layer.add(map, colours(theme())));
  const stopWatching = watchTheme((changed) => layers.forEach((layer) => layer.paint(map, colours(changed))));
  watchContext(map, notice);
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches ? { animate: false } : { duration: 700 };
  let shown: Bounds | null = null;

  return {
    show(view) {
      trains.show(map, view);
      card.show(view);
      if (!isTheirs) {
        shown = goToFleet(map, view, whole, shown);
      }

      mark(element, {
        trains: String([...view.fleet.trains.values()].filter((train) => train.latitude !== null).length),
        frame: String(view.fleet.frames),
        at: view.asOf === null ? null : new Date(view.asOf).toISOString(),
        current: String(view.isCurrent),
        bounds: map.getBounds().toArray().flat().map((degrees) => degrees.toFixed(3)).join(','),
      });
    },
    fit(bounds) {
      isTheirs = true;
      map.fitBounds(bounds ?? whole, { padding: PADDING, maxZoom: 11, ...still });
    },
    go(longitude, latitude, zoom) {
      isTheirs = true;
      map.easeTo({ center: [longitude, latitude], zoom: Math.max(zoom, map.getZoom()), ...still });
    },
    hide: (hidden) => showLayers(map, hidden),
    remove() {
      stopWatching();
      layers.reverse().forEach((layer) => layer.remove(map));
      map.remove();
    },
  };
}

// Recordings come from anywhere; the network stays where it is. Gives what is shown since the map has gone to the fleet.
function goToFleet(map: MapLibre, view: View, network: Bounds, shown: Bounds | null): Bounds | null {
  const box = fitToFleet(view.fleet.trains.values(), network, shown);
  if (box === null) {
    return shown;
  }

  if (box[0] < EUROPE[0] || box[1] < EUROPE[1] || box[2] > EUROPE[2] || box[3] > EUROPE[3]) {
    map.setMaxBounds(null);
  }

  map.fitBounds(box, { padding: 60, maxZoom: 9, animate: false });
  const now = map.getBounds();
  return [now.getWest(), now.getSouth(), now.getEast(), now.getNorth()];
}

function watchContext(map: MapLibre, notice: HTMLElement): void {
  map.on('webglcontextlost', () => {
    notice.textContent = 'The graphics card dropped the map; waiting for it to come back. The list of trains goes on.';
    notice.hidden = false;
  });
  map.on('webglcontextrestored', () => {
    notice.hidden = true;
  });
}
