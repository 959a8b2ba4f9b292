import type { Network } from './network';
import { type Layer, removeAll, TEXT } from './layer';

/** Stations: dots from afar, with their names closer by. */
export function stationLayer(network: Network): Layer {
  return {
    add(map, colours) {
      map.addSource('stations', { type: 'geojson', data: network.stations });
      map.addLayer({
        id: 'stations',
        type: 'circle',
        source: 'stations',
        paint: { 'circle-radius': ['interpolate', ['linear'], ['zoom'], 5, 1.8, 10, 4.5], 'circle-stroke-width': ['interpolate', ['linear'], ['zoom'], 5, 1, 10, 2] },
      });
      map.addLayer({
        id: 'station-names',
        type: 'symbol',
        source: 'stations',
        minzoom: 6.6,
        layout: { 'text-field': ['get', 'name'], 'text-font': TEXT, 'text-size': 12, 'text-anchor': 'left', 'text-offset': [0.7, 0.05], 'text-max-width': 20 },
        paint: { 'text-halo-width': 1.4 },
      });
      this.paint(map, colours);
    },
    paint(map, colours) {
      map.setPaintProperty('stations', 'circle-color', colours.land);
      map.setPaintProperty('stations', 'circle-stroke-color', colours.station);
      map.setPaintProperty('station-names', 'text-color', colours['station-name']);
      map.setPaintProperty('station-names', 'text-halo-color', colours.land);
    },
    remove(map) {
      removeAll(map, ['station-names', 'stations'], ['stations']);
    },
  };
}
