/** What the plots show: a length of time that ends at a moment, or at now (null). Milliseconds. */
export interface Range {
  length: number;
  end: number | null;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Lengths to choose from, as they stand in the address and on the buttons. */
export const LENGTHS: readonly { key: string; words: string; length: number }[] = [
  { key: '15m', words: '15 min', length: 15 * MINUTE },
  { key: '1h', words: '1 h', length: HOUR },
  { key: '6h', words: '6 h', length: 6 * HOUR },
  { key: '24h', words: '24 h', length: 24 * HOUR },
];

const SHORTEST = MINUTE;
const LONGEST = 7 * 24 * HOUR;
// Finer than a plot has room for is waste.
const POINTS = 700;
const WINDOW = 10_000;

/** Start and end in milliseconds. */
export function bounds(range: Range, now: number): { from: number; to: number } {
  const to = range.end ?? now;
  return { from: to - range.length, to };
}

/** Moves by a part of the length; moving past now follows it again. */
export function pan(range: Range, part: number, now: number): Range {
  const end = (range.end ?? now) + part * range.length;
  return { ...range, end: end >= now ? null : Math.max(end, now - LONGEST + range.length) };
}

/** Makes the range longer (factor above 1) or shorter, around its middle; while following, around now. */
export function zoom(range: Range, factor: number, now: number): Range {
  const length = Math.min(LONGEST, Math.max(SHORTEST, range.length * factor));
  if (range.end === null) {
    return { length, end: null };
  }

  return between(range.end - range.length / 2 - length / 2, range.end - range.length / 2 + length / 2, now);
}

/** The range between two moments, never shorter than a minute nor later than now. */
export function between(from: number, to: number, now: number): Range {
  const length = Math.min(LONGEST, Math.max(SHORTEST, to - from));
  const end = (from + to) / 2 + length / 2;
  return { length, end: end >= now ? null : end };
}

/** How fine to ask, in ms: a multiple of 10 s. */
export function resolution(length: number): number {
  return Math.max(1, Math.ceil(length / POINTS / WINDOW)) * WINDOW;
}

/** Reads the range from an address; what makes no sense is the default. */
export function readRange(query: URLSearchParams): Range {
  const word = query.get('range') ?? '15m';
  const seconds = /^(\d{1,6})s$/.exec(word);
  const length = LENGTHS.find((choice) => choice.key === word)?.length ?? (seconds === null ? NaN : Number(seconds[1]) * 1000);
  const end = Date.parse(query.get('to') ?? '');
  return { length: length >= SHORTEST && length <= LONGEST ? length : LENGTHS[0]!.length, end: Number.isNaN(end) ? null : end };
}

/** Writes the range into an address; the default leaves nothing. */
export function writeRange(query: URLSearchParams, range: Range): void {
  const key = LENGTHS.find((choice) => choice.length === range.length)?.key ?? `${Math.round(range.length / 1000)}s`;
  put(query, 'range', key === '15m' ? null : key);
  put(query, 'to', range.end === null ? null : new Date(Math.round(range.end / 1000) * 1000).toISOString().replace('.000', ''));
}

/** Sets a parameter, or takes it away. */
export function put(query: URLSearchParams, name: string, value: string | null): void {
  if (value === null) {
    query.delete(name);
  } else {
    query.set(name, value);
  }
}
