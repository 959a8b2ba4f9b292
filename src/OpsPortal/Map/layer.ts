import type { Map as MapLibre } from 'maplibre-gl';
import type { Colours } from './colours';

/** One layer of the map: what add adds, remove removes. */
export interface Layer {
  add(map: MapLibre, colours: Colours): void;
  remove(map: MapLibre): void;
  /** Paints what is there in other colours. */
  paint(map: MapLibre, colours: Colours): void;
}

export const TEXT = ['Inter Variable'];

/** Removes map layers and sources that are there. */
export function removeAll(map: MapLibre, layers: readonly string[], sources: readonly string[]): void {
  layers.filter((id) => map.getLayer(id)).forEach((id) => map.removeLayer(id));
  sources.filter((id) => map.getSource(id)).forEach((id) => map.removeSource(id));
}
