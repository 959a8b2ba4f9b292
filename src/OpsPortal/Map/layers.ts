import type { Map as MapLibre } from 'maplibre-gl';

/** What can be switched on the map. */
export const LAYERS = ['lines', 'stations', 'labels', 'trains', 'alerts'] as const;
export type LayerName = (typeof LAYERS)[number];

const DRAWN: Record<LayerName, readonly string[]> = {
  lines: ['rail-casing', 'rail', 'tunnels'],
  stations: ['stations'],
  labels: ['places', 'station-names', 'train-names'],
  trains: ['train-plain-pointers', 'train-pointers', 'train-plates', 'train-selected', 'train-names'],
  alerts: ['train-plates'],
};

/** Shows everything but what is hidden. A name goes with what it names. */
export function showLayers(map: MapLibre, hidden: ReadonlySet<LayerName>): void {
  const gone = new Set(LAYERS.filter((name) => hidden.has(name)).flatMap((name) => DRAWN[name]));
  for (const id of new Set(LAYERS.flatMap((name) => DRAWN[name]))) {
    map.setLayoutProperty(id, 'visibility', gone.has(id) || (id === 'station-names' && hidden.has('stations')) ? 'none' : 'visible');
  }
}

/** The switches; says how many layers are hidden, so that an empty map is never taken for an empty railway. */
export function mountLayerSwitch(element: HTMLElement, hidden: ReadonlySet<LayerName>, changed: (hidden: ReadonlySet<LayerName>) => void): void {
  const boxes = [...element.querySelectorAll<HTMLInputElement>('input[type=checkbox]')];
  const summary = element.querySelector('summary')!;
  const say = () => {
    const count = boxes.filter((box) => !box.checked).length;
    summary.textContent = count === 0 ? 'Layers' : `Layers (${count} hidden)`;
  };
  boxes.forEach((box) => {
    box.checked = !hidden.has(box.value as LayerName);
  });
  element.addEventListener('change', () => {
    say();
    changed(new Set(boxes.filter((box) => !box.checked).map((box) => box.value as LayerName)));
  });
  say();
}
