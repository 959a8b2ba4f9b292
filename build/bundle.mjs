// Bundles the browser code: every *.ts beside a component whose name ends in ".entry.ts" or that is listed here becomes
// one ES module in wwwroot/js. Generated, not committed.
import { build } from 'esbuild';
import { mkdirSync } from 'node:fs';
import { globSync } from './glob.mjs';
import { bundleMap } from './map.mjs';

mkdirSync('wwwroot/js', { recursive: true });
mkdirSync('wwwroot/map', { recursive: true });

await build({
  entryPoints: globSync('src/OpsPortal', /\.entry\.ts$/),
  outdir: 'wwwroot/js',
  entryNames: '[name]',
  bundle: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  sourcemap: false,
  legalComments: 'none',
  logLevel: 'warning',
});
await bundleMap();
