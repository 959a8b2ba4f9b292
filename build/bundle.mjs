// Bundles the browser code into wwwroot/js (generated, not committed):
//   *.entry.ts     ES modules, sharing chunks;
//   *.blocking.ts  classic scripts that must run before the first paint;
//   *.entry.css    the style sheet with its fonts.
import { build } from 'esbuild';
import { mkdirSync, rmSync } from 'node:fs';
import { globSync } from './glob.mjs';
import { bundleMap } from './map.mjs';

rmSync('wwwroot/js', { recursive: true, force: true });
mkdirSync('wwwroot/js', { recursive: true });
mkdirSync('wwwroot/map', { recursive: true });

const shared = {
  outdir: 'wwwroot/js',
  entryNames: '[name]',
  chunkNames: 'chunk-[hash]',
  assetNames: '[name]',
  bundle: true,
  target: 'es2022',
  minify: true,
  sourcemap: false,
  legalComments: 'none',
  logLevel: 'warning',
  loader: { '.woff2': 'file', '.woff': 'file' },
};
const from = (pattern) => globSync('src/OpsPortal', pattern);

await build({ ...shared, entryPoints: from(/\.entry\.ts$/), format: 'esm', splitting: true });
await build({ ...shared, entryPoints: from(/\.blocking\.ts$/), format: 'iife' });
await build({ ...shared, entryPoints: from(/\.entry\.css$/) });
await bundleMap();
