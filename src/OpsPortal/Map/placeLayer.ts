import { type Layer, removeAll, TEXT } from './layer';

/** Names of towns, larger ones first, for finding one's way; never in front of a train or a station. */
export function placeLayer(): Layer {
  return {
    add(map, colours) {
      map.addSource('places', { type: 'geojson', data: '/map/places.json' });
      map.addLayer({
        id: 'places',
        type: 'symbol',
        source: 'places',
        filter: ['<', ['get', 'rank'], ['step', ['zoom'], 40, 5, 90, 6, 220, 7, 2000]],
        layout: {
          'text-field': ['get', 'name'],
          'text-font': TEXT,
          'text-size': ['interpolate', ['linear'], ['zoom'], 4, ['step', ['get', 'rank'], 11.5, 60, 10.5], 9, ['step', ['get', 'rank'], 15, 150, 12.5]],
          'text-letter-spacing': 0.02,
          'text-max-width': 8,
          'text-padding': 4,
          // Beside its place, so that a line through the town does not strike the name out.
          'text-variable-anchor': ['bottom-left', 'bottom-right', 'top-left', 'top-right', 'bottom', 'top'],
          'text-radial-offset': 0.55,
          'symbol-sort-key': ['get', 'rank'],
        },
        paint: { 'text-halo-width': 1.2 },
      });
      this.paint(map, colours);
    },
    paint(map, colours) {
      map.setPaintProperty('places', 'text-color', colours.place);
      map.setPaintProperty('places', 'text-halo-color', colours.land);
    },
    remove(map) {
      removeAll(map, ['places'], ['places']);
    },
  };
}
