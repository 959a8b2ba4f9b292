import type { Theme } from '../Layout/theme';

/** What the map is painted with: canvas and WebGL cannot read the style sheet's names, so they are asked for here. */
export type Colours = Record<(typeof NAMES)[number], string>;

const NAMES = [
  'sea', 'land', 'coast', 'border', 'place', 'halo', 'rail', 'rail-casing', 'tunnel', 'station', 'station-name', 'train-name',
  'online', 'critical', 'warning', 'watch', 'stale', 'offline', 'unknown', 'on-mark', 'selected',
] as const;

/** The map's colours in the theme in force, from the tokens of the style sheet. */
export function colours(_theme: Theme): Colours {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(NAMES.map((name) => [name, style.getPropertyValue(`--map-${name}`).trim() || style.getPropertyValue(`--${name}`).trim()])) as Colours;
}
