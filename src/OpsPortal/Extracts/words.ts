import { asOf } from '../Layout/clock';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** Sizes as people read them; as the server writes them. */
export function sizeWords(bytes: number): string {
  let [size, unit] = [bytes, 0];
  while (size >= 999.5 && unit < UNITS.length - 1) {
    [size, unit] = [size / 1000, unit + 1];
  }

  return `${unit === 0 || size >= 99.95 ? size.toFixed(0) : size.toFixed(1)} ${UNITS[unit]}`;
}

/** "1 file", "1,234 files". */
export function countWords(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

/** A few names, and how many more there are. */
export function fewWords(names: readonly string[], few = 3): string {
  return names.slice(0, few).join(', ') + (names.length > few ? ` and ${names.length - few} more` : '');
}

/** A moment as the server gave it, in the operator's zone. */
export function momentWords(iso: string, now = new Date()): string {
  return asOf(new Date(iso), now);
}
