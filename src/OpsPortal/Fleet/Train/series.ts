import type { Readings, WireSpan } from './wire';

/** A point as plots draw it: times in seconds; null where nothing was kept. */
export interface Point {
  at: number;
  min: number;
  mean: number;
  max: number;
  late: boolean;
}

export interface Span {
  from: number;
  to: number;
  kind: WireSpan['kind'];
}

/** Columns for a plot: time, max, min, mean, upper and lower bound of what is usual. */
export type Columns = [number[], ...(number | null)[][]];

/** What is known of one sensor within the range shown. */
export class Series {
  points: Point[] = [];
  spans: Span[] = [];
  resolution = 10;
  /** Newest values, not yet packed into a window. */
  #live: Point[] = [];

  /** Takes an answer: all it speaks of is replaced, the rest stays. Another resolution begins anew. */
  take(answer: Readings): void {
    const from = Date.parse(answer.from) / 1000;
    const to = Date.parse(answer.to) / 1000;
    if (answer.resolutionSeconds !== this.resolution) {
      this.points = [];
      this.spans = [];
      this.resolution = answer.resolutionSeconds;
    }

    // The first bucket may be cut by the range's start: the whole one, if known, is better.
    const fresh = pointsOf(answer);
    const cut = fresh[0] !== undefined && fresh[0].at % this.resolution !== 0 && this.points.some((point) => bucket(point.at, this.resolution) === bucket(fresh[0]!.at, this.resolution)) ? fresh.shift() : undefined;
    const first = cut === undefined ? from : bucket(cut.at, this.resolution) + this.resolution;
    this.points = [...this.points.filter((point) => point.at < first || point.at >= to), ...fresh].sort((a, b) => a.at - b.at);
    this.spans = mergeSpans(this.spans, answer.spans.map(spanOf), from, to);
    const end = this.packedUntil();
    this.#live = this.#live.filter((point) => point.at >= end);
  }

  /** Takes a newest value; what the windows already hold is left out. */
  append(at: number, value: number): void {
    const last = this.#live.at(-1)?.at ?? -Infinity;
    if (at > last && at >= this.packedUntil()) {
      this.#live.push({ at, min: value, mean: value, max: value, late: false });
    }
  }

  /** Forgets what lies outside. */
  trim(from: number, to: number): void {
    const inside = (point: Point) => point.at + this.resolution > from && point.at <= to;
    this.points = this.points.filter(inside);
    this.#live = this.#live.filter(inside);
    this.spans = this.spans.filter((span) => span.to > from && span.from < to);
  }

  clear(): void {
    this.points = [];
    this.spans = [];
    this.#live = [];
  }

  /** Windows and newest values, oldest first. */
  all(): Point[] {
    return [...this.points, ...this.#live];
  }

  /** Where the windows end, in seconds; a fresh tail is asked from a little before. */
  packedUntil(): number {
    const last = this.points.at(-1);
    return last === undefined ? -Infinity : bucket(last.at, this.resolution) + this.resolution;
  }
}

/** Points with a hole wherever nothing was kept, so that no line is drawn across. */
export function columns(points: readonly Point[], spans: readonly Span[], usual: readonly (Usual | null)[]): Columns {
  const holes = spans.filter((span) => span.kind === 'noData');
  const result: [number[], (number | null)[], (number | null)[], (number | null)[], (number | null)[], (number | null)[]] = [[], [], [], [], [], []];
  let hole = 0;
  points.forEach((point, i) => {
    const before = points[i - 1];
    while (hole < holes.length && holes[hole]!.to <= point.at) {
      if (before !== undefined && holes[hole]!.from >= before.at) {
        [holes[hole]!.from, null, null, null, null, null].forEach((value, column) => (result[column] as (number | null)[]).push(value));
      }

      hole++;
    }

    const band = usual[i] ?? null;
    [point.at, point.max, point.min, point.mean, band?.high ?? null, band?.low ?? null].forEach((value, column) => (result[column] as (number | null)[]).push(value));
  });
  return result;
}

export interface Usual {
  low: number;
  high: number;
}

/** What is usual at each point: the mean of the points around it ± 3 deviations, over a tenth of the range but at least 12 points. Null where there are too few. */
export function usualBand(points: readonly Pick<Point, 'mean'>[]): (Usual | null)[] {
  const half = Math.max(6, Math.round(points.length / 20));
  const sums = [0];
  const squares = [0];
  for (const { mean } of points) {
    sums.push(sums.at(-1)! + mean);
    squares.push(squares.at(-1)! + mean * mean);
  }

  return points.map((_, i) => {
    const [first, end] = [Math.max(0, i - half), Math.min(points.length, i + half + 1)];
    const count = end - first;
    if (count < 6) {
      return null;
    }

    const mean = (sums[end]! - sums[first]!) / count;
    const deviation = Math.sqrt(Math.max(0, (squares[end]! - squares[first]!) / count - mean * mean));
    return { low: mean - 3 * deviation, high: mean + 3 * deviation };
  });
}

/** Spans with everything between two moments replaced; those that then touch are one. */
export function mergeSpans(known: readonly Span[], fresh: readonly Span[], from: number, to: number): Span[] {
  const kept = known.flatMap((span) => [
    ...(span.from < from ? [{ ...span, to: Math.min(span.to, from) }] : []),
    ...(span.to > to ? [{ ...span, from: Math.max(span.from, to) }] : []),
  ]);
  const merged: Span[] = [];
  for (const span of [...kept, ...fresh].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last !== undefined && last.kind === span.kind && span.from <= last.to) {
      last.to = Math.max(last.to, span.to);
    } else {
      merged.push({ ...span });
    }
  }

  return merged;
}

function pointsOf(answer: Readings): Point[] {
  const late = new Set(answer.late);
  return answer.points.flatMap(([at, min, mean, max], i) => (min === null || mean === null || max === null ? [] : [{ at: Date.parse(at) / 1000, min, mean, max, late: late.has(i) }]));
}

function spanOf(span: WireSpan): Span {
  return { from: Date.parse(span.from) / 1000, to: Date.parse(span.to) / 1000, kind: span.kind };
}

function bucket(at: number, resolution: number): number {
  return Math.floor(at / resolution) * resolution;
}
