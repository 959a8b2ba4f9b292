import { Map as MapLibre, NavigationControl, setWorkerUrl, type GeoJSONSource } from 'maplibre-gl';
import { theme, watchTheme } from '../Layout/theme';
import { colours } from '../Map/colours';
import { landLayer } from '../Map/landLayer';
import { placeLayer } from '../Map/placeLayer';
import type { Position } from './chartData';

export interface PositionsMap {
  show(positions: readonly Position[]): void;
  remove(): void;
}

/** A map with a dot for each row that has a place. Everything it loads comes from this host. */
export async function mountPositions(element: HTMLElement): Promise<PositionsMap> {
  setWorkerUrl('/js/maplibre-gl-worker.mjs');
  await document.fonts.load('16px "Inter Variable"');
  const map = new MapLibre({
    container: element, style: { version: 8, sources: {}, layers: [] }, bounds: [-5.8, 50.2, 1.6, 56.4], maxZoom: 14, dragRotate: false, pitchWithRotate: false, fadeDuration: 0, attributionControl: false,
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
  map.getCanvas().setAttribute('aria-label', 'Map of the result. The table below has the same values.');
  const layers = [landLayer(), placeLayer()];
  const dots = () => {
    const style = getComputedStyle(document.documentElement);
    map.setPaintProperty('positions', 'circle-color', style.getPropertyValue('--accent').trim());
    map.setPaintProperty('positions', 'circle-stroke-color', style.getPropertyValue('--ground').trim());
  };
  await map.once('load');
  layers.forEach((layer) => layer.add(map, colours(theme())));
  map.addSource('positions', { type: 'geojson', data: { type: 'FeatureCollection', features: [] } });
  map.addLayer({ id: 'positions', type: 'circle', source: 'positions', paint: { 'circle-radius': 5, 'circle-opacity': 0.75, 'circle-stroke-width': 1, 'circle-stroke-opacity': 0.35 } });
  dots();
  const stop = watchTheme((changed) => {
    layers.forEach((layer) => layer.paint(map, colours(changed)));
    dots();
  });
  return {
    show(positions) {
      map.getSource<GeoJSONSource>('positions')!.setData({
        type: 'FeatureCollection',
        features: positions.map(({ longitude, latitude, name }) => ({ type: 'Feature', properties: { name }, geometry: { type: 'Point', coordinates: [longitude, latitude] } })),
      });
      if (positions.length > 0) {
        const [longitudes, latitudes] = [positions.map((one) => one.longitude).sort((a, b) => a - b), positions.map((one) => one.latitude).sort((a, b) => a - b)];
        map.fitBounds([longitudes[0]!, latitudes[0]!, longitudes.at(-1)!, latitudes.at(-1)!], { padding: 40, maxZoom: 10, animate: false });
      }

      // Said when they are painted.
      void map.once('idle').then(() => {
        element.dataset['positions'] = String(positions.length);
      });
    },
    remove() {
      stop();
      map.remove();
      delete element.dataset['positions'];
    },
  };
}
