import { type Layer, removeAll } from './layer';

/** Sea, land, coast and borders. */
export function landLayer(): Layer {
  return {
    add(map, colours) {
      map.addSource('land', { type: 'geojson', data: '/map/land.json', tolerance: 0.2, attribution: 'Natural Earth, GeoNames' });
      map.addSource('borders', { type: 'geojson', data: '/map/borders.json' });
      map.addLayer({ id: 'sea', type: 'background', paint: {} });
      map.addLayer({ id: 'land', type: 'fill', source: 'land', paint: { 'fill-antialias': true } });
      map.addLayer({ id: 'coast', type: 'line', source: 'land', paint: { 'line-width': ['interpolate', ['linear'], ['zoom'], 4, 0.5, 9, 1.4] } });
      map.addLayer({ id: 'borders', type: 'line', source: 'borders', paint: { 'line-dasharray': [3, 3], 'line-width': 0.8 } });
      this.paint(map, colours);
    },
    paint(map, colours) {
      map.setPaintProperty('sea', 'background-color', colours.sea);
      map.setPaintProperty('land', 'fill-color', colours.land);
      map.setPaintProperty('coast', 'line-color', colours.coast);
      map.setPaintProperty('borders', 'line-color', colours.border);
    },
    remove(map) {
      removeAll(map, ['borders', 'coast', 'land', 'sea'], ['borders', 'land']);
    },
  };
}
