import type { GeoJSONSource, Map as MapLibre, MapMouseEvent, SymbolLayerSpecification } from 'maplibre-gl';
import type { View } from '../Fleet/live.entry';
import { SEVERITIES } from '../Fleet/words';
import { type Layer, removeAll, TEXT } from './layer';
import { Motion } from './motion';
import type { Track } from './track';
import { imageNames, paintSymbols, RATIO, symbolOf } from './symbols';

export interface TrainLayer extends Layer {
  show(map: MapLibre, view: View): void;
}

const SYMBOLS = ['train-pointers', 'train-plates', 'train-plain-pointers'];

// Milliseconds between redraws while trains glide; more would only cost power, the steps are below a pixel at most zooms.
const EVERY = 100;
// Milliseconds more for each train: a thousand cost some 15 ms a redraw, and the page must stay free for hands.
const EVERY_TRAIN = 0.15;

/** The trains: an upright plate that says how bad, a pointer on it that says where to and how well connected, a name beside it. */
export function trainLayer(track: Track, select: (id: string | null) => void, hover: (id: string | null, x: number, y: number) => void): TrainLayer {
  const motion = new Motion(matchMedia('(prefers-reduced-motion: reduce)').matches, track);
  let view: View | undefined;
  let drawing: number | undefined;
  let drawnAt = -Infinity;
  let isDue = false;

  const click = (event: MapMouseEvent) => {
    const around: [[number, number], [number, number]] = [[event.point.x - 8, event.point.y - 8], [event.point.x + 8, event.point.y + 8]];
    const hit = event.target.queryRenderedFeatures(around, { layers: SYMBOLS })[0];
    select(hit === undefined ? null : String(hit.properties['id']));
  };
  const point = (event: MapMouseEvent) => {
    const over = event.target.queryRenderedFeatures(event.point, { layers: SYMBOLS })[0];
    event.target.getCanvas().style.cursor = over === undefined ? '' : 'pointer';
    hover(over === undefined ? null : String(over.properties['id']), event.point.x, event.point.y);
  };
  const leave = () => hover(null, 0, 0);

  function draw(map: MapLibre): void {
    drawing = undefined;
    const now = performance.now();
    if (view !== undefined && now - drawnAt >= EVERY + view.fleet.trains.size * EVERY_TRAIN) {
      drawnAt = now;
      isDue = false;
      map.getSource<GeoJSONSource>('trains')?.setData(features(view, motion, now));
    }

    if ((isDue || motion.isMoving(now)) && document.visibilityState === 'visible') {
      schedule(map);
    }
  }

  function schedule(map: MapLibre): void {
    drawing ??= requestAnimationFrame(() => draw(map));
  }

  return {
    add(map, colours) {
      map.addSource('trains', { type: 'geojson', data: { type: 'FeatureCollection', features: [] } });
      addLayers(map);
      this.paint(map, colours);
      map.on('click', click);
      map.on('mousemove', point);
      map.on('mouseout', leave);
    },
    show(map, shown) {
      view = shown;
      tell(motion, shown);
      isDue = true;
      schedule(map);
    },
    paint(map, colours) {
      for (const [name, image] of paintSymbols(colours)) {
        if (map.hasImage(name)) {
          map.updateImage(name, image);
        } else {
          map.addImage(name, image, { pixelRatio: RATIO });
        }
      }

      map.setPaintProperty('train-selected', 'circle-stroke-color', colours.selected);
      map.setPaintProperty('train-names', 'text-color', colours['train-name']);
      map.setPaintProperty('train-names', 'text-halo-color', colours.halo);
    },
    remove(map) {
      if (drawing !== undefined) {
        cancelAnimationFrame(drawing);
      }

      map.off('click', click);
      map.off('mousemove', point);
      map.off('mouseout', leave);
      removeAll(map, ['train-names', ...SYMBOLS, 'train-selected'], ['trains']);
    },
  };
}

function tell(motion: Motion, view: View): void {
  const now = performance.now();
  for (const train of view.fleet.trains.values()) {
    if (train.latitude !== null && train.longitude !== null) {
      motion.tell(train.id, { latitude: train.latitude, longitude: train.longitude, line: train.line, km: train.km }, train.positionAt ?? 0, now);
    }
  }

  motion.keepOnly(new Set(view.fleet.trains.keys()));
}

function features(view: View, motion: Motion, now: number): GeoJSON.FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: [...view.fleet.trains.values()].flatMap((train) => {
      const place = train.latitude === null ? null : motion.at(train.id, now);
      const worst = view.hidden.has('alerts') ? null : train.worstAlert;
      const { plate, pointer } = imageNames(symbolOf({ ...train, worstAlert: worst }, view.isCurrent));
      return place === null ? [] : [{
        type: 'Feature' as const,
        geometry: { type: 'Point' as const, coordinates: [place.longitude, place.latitude] },
        properties: {
          id: train.id,
          name: train.name,
          plate,
          pointer,
          heading: train.heading ?? 0,
          rank: worst === null ? 0 : SEVERITIES.length - SEVERITIES.indexOf(worst),
          selected: train.id === view.selected,
        },
      }];
    }),
  };
}

function addLayers(map: MapLibre): void {
  // Every train is drawn, whatever it covers, the worst on top.
  const always = { 'icon-allow-overlap': true, 'icon-ignore-placement': true } as const;
  const size: ['interpolate', ['linear'], ['zoom'], number, number, number, number] = ['interpolate', ['linear'], ['zoom'], 4, 0.62, 9, 1];
  const pointers = { ...always, 'icon-image': ['get', 'pointer'], 'icon-size': size, 'icon-rotate': ['get', 'heading'], 'icon-rotation-alignment': 'map', 'symbol-sort-key': ['get', 'rank'] } as const satisfies SymbolLayerSpecification['layout'];
  map.addLayer({ id: 'train-selected', type: 'circle', source: 'trains', filter: ['get', 'selected'], paint: { 'circle-radius': 22, 'circle-opacity': 0, 'circle-stroke-width': 2.5 } });
  // Below all plates, so that a healthy train never covers one that needs somebody.
  map.addLayer({ id: 'train-plain-pointers', type: 'symbol', source: 'trains', filter: ['==', ['get', 'rank'], 0], layout: pointers });
  map.addLayer({ id: 'train-plates', type: 'symbol', source: 'trains', filter: ['>', ['get', 'rank'], 0], layout: { ...always, 'icon-image': ['get', 'plate'], 'icon-size': size, 'symbol-sort-key': ['get', 'rank'] } });
  map.addLayer({ id: 'train-pointers', type: 'symbol', source: 'trains', filter: ['>', ['get', 'rank'], 0], layout: pointers });
  map.addLayer({
    id: 'train-names',
    type: 'symbol',
    source: 'trains',
    filter: ['any', ['>=', ['zoom'], 7.4], ['get', 'selected'], ['>', ['get', 'rank'], 0]],
    layout: { 'text-field': ['get', 'name'], 'text-font': TEXT, 'text-size': 12, 'text-variable-anchor': ['left', 'right', 'top', 'bottom'], 'text-radial-offset': 1.5, 'text-justify': 'auto', 'symbol-sort-key': ['-', ['get', 'rank']] },
    paint: { 'text-halo-width': 1.6 },
  });
}
