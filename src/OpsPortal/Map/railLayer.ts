import type { Network } from './network';
import { type Layer, removeAll } from './layer';

/** The lines, with their tunnels dashed: there trains cannot be reached. */
export function railLayer(network: Network): Layer {
  return {
    add(map, colours) {
      map.addSource('lines', { type: 'geojson', data: network.lines });
      map.addSource('tunnels', { type: 'geojson', data: network.tunnels });
      const width = (factor: number): ['interpolate', ['linear'], ['zoom'], number, number, number, number] => ['interpolate', ['linear'], ['zoom'], 5, 1.6 * factor, 10, 4 * factor];
      const layout = { 'line-cap': 'round', 'line-join': 'round' } as const;
      map.addLayer({ id: 'rail-casing', type: 'line', source: 'lines', layout, paint: { 'line-width': width(2.1) } });
      map.addLayer({ id: 'rail', type: 'line', source: 'lines', layout, paint: { 'line-width': width(1) } });
      map.addLayer({ id: 'tunnels', type: 'line', source: 'tunnels', paint: { 'line-width': width(1.1), 'line-dasharray': [1.2, 1.2] } });
      this.paint(map, colours);
    },
    paint(map, colours) {
      map.setPaintProperty('rail-casing', 'line-color', colours['rail-casing']);
      map.setPaintProperty('rail', 'line-color', colours.rail);
      map.setPaintProperty('tunnels', 'line-color', colours.tunnel);
    },
    remove(map) {
      removeAll(map, ['tunnels', 'rail', 'rail-casing'], ['tunnels', 'lines']);
    },
  };
}
