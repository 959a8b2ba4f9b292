// The offline base map, from npm data into wwwroot/map: what MapLibre needs at run time, and nothing from another host.
import { copyFileSync } from 'node:fs';

export async function bundleMap() {
  for (const name of ['maplibre-gl-worker.mjs', 'maplibre-gl-shared.mjs']) {
    copyFileSync(`node_modules/maplibre-gl/dist/${name}`, `wwwroot/js/${name}`);
  }
  copyFileSync('node_modules/maplibre-gl/dist/maplibre-gl.css', 'wwwroot/js/maplibre-gl.css');
}
