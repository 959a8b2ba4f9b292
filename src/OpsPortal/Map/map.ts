import { AttributionControl, Map as MapLibre, NavigationControl, setWorkerUrl } from 'maplibre-gl';
import type { View } from '../Fleet/live.entry';
import { mark } from '../Layout/dom';
import { theme, watchTheme } from '../Layout/theme';
import { colours } from './colours';
import { type Box, fitToFleet } from './fit';
import { landLayer } from './landLayer';
import { extent, fetchNetwork } from './network';
import { placeLayer } from './placeLayer';
import { railLayer } from './railLayer';
import { stationLayer } from './stationLayer';
import { trainLayer } from './trainLayer';

export interface MapView {
  show(view: View): void;
  remove(): void;
}

const BRITAIN: Box = [-5.8, 50.2, 1.6, 56.4];
const EUROPE: Box = [-40, 30, 55, 75];

/** Puts the map into the element. Everything it loads comes from this host. */
export async function mountMap(element: HTMLElement, notice: HTMLElement, select: (id: string | null) => void): Promise<MapView> {
  setWorkerUrl('/js/maplibre-gl-worker.mjs');
  const [network] = await Promise.all([fetchNetwork(), document.fonts.load('16px "Inter Variable"')]);
  const map = new MapLibre({
    container: element,
    style: { version: 8, sources: {}, layers: [] },
    bounds: extent(network) ?? BRITAIN,
    fitBoundsOptions: { padding: 36 },
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

  const trains = trainLayer(select);
  const layers = [landLayer(), railLayer(network), placeLayer(), stationLayer(network), trains];
  await map.once('load');
  layers.forEach((layer) => layer.add(map, colours(theme())));
  const stopWatching = watchTheme((changed) => layers.forEach((layer) => layer.paint(map, colours(changed))));
  watchContext(map, notice);
  // Once somebody has moved the map, it is theirs.
  let isTheirs = false;
  let shown: Box | null = null;
  map.on('movestart', (event) => (isTheirs ||= event.originalEvent !== undefined));

  return {
    show(view) {
      trains.show(map, view);
      if (!isTheirs) {
        shown = goToFleet(map, view, extent(network) ?? BRITAIN, shown);
      }

      mark(element, {
        trains: String([...view.fleet.trains.values()].filter((train) => train.latitude !== null).length),
        frame: String(view.fleet.frames),
        at: view.asOf === null ? null : new Date(view.asOf).toISOString(),
        current: String(view.isCurrent),
        bounds: map.getBounds().toArray().flat().map((degrees) => degrees.toFixed(3)).join(','),
      });
    },
    remove() {
      stopWatching();
      layers.reverse().forEach((layer) => layer.remove(map));
      map.remove();
    },
  };
}

// Recordings come from anywhere; the network stays where it is. Gives what is shown since the map has gone to the fleet.
function goToFleet(map: MapLibre, view: View, network: Box, shown: Box | null): Box | null {
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
