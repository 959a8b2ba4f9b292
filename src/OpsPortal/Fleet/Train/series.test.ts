import { describe, expect, it } from 'vitest';
import { columns, mergeSpans, type Point, Series, usualBand } from './series';
import type { Readings, WirePoint } from './wire';

const BASE = Date.parse('2026-11-21T20:00:00Z') / 1000;
const iso = (second: number) => new Date((BASE + second) * 1000).toISOString();
const point = (second: number, mean = 1): WirePoint => [iso(second), mean - 1, mean, mean + 1];

function answer(from: number, to: number, points: WirePoint[], more: Partial<Readings> = {}): Readings {
  return { sensor: 's', from: iso(from), to: iso(to), resolutionSeconds: 10, points, late: [], spans: [], keptForSeconds: 1, asOf: iso(to), limited: null, ...more };
}

const seconds = (series: Series) => series.all().map((known) => known.at - BASE);

describe('a series', () => {
  it('holds the points of an answer, the late ones marked', () => {
    const series = new Series();
    series.take(answer(0, 30, [point(0, 5), point(10, 6)], { late: [1] }));
    expect(series.all()).toEqual([{ at: BASE, min: 4, mean: 5, max: 6, late: false }, { at: BASE + 10, min: 5, mean: 6, max: 7, late: true }]);
  });

  it('replaces what a later answer speaks of and keeps the rest', () => {
    const series = new Series();
    series.take(answer(0, 30, [point(0), point(10, 2), point(20, 3)]));
    series.take(answer(10, 50, [point(10, 7), point(30, 8)]));
    expect(series.all().map((known) => [known.at - BASE, known.mean])).toEqual([[0, 1], [10, 7], [30, 8]]);
  });

  it('keeps a whole bucket rather than one cut by the start of the range', () => {
    const series = new Series();
    series.take(answer(0, 30, [point(0), point(10, 2), point(20, 3)]));
    series.take(answer(13, 40, [point(13, 9), point(20, 4), point(30, 5)]));
    expect(series.all().map((known) => [known.at - BASE, known.mean])).toEqual([[0, 1], [10, 2], [20, 4], [30, 5]]);
  });

  it('shows newest values after the windows until a window holds them', () => {
    const series = new Series();
    series.take(answer(0, 20, [point(0), point(10)]));
    [15, 20, 21, 21, 25].forEach((second) => series.append(BASE + second, 3));
    expect(seconds(series)).toEqual([0, 10, 20, 21, 25]);
    series.take(answer(10, 30, [point(10), point(20)]));
    expect(seconds(series)).toEqual([0, 10, 20]);
    series.append(BASE + 31, 3);
    expect(seconds(series)).toEqual([0, 10, 20, 31]);
  });

  it('begins anew at another resolution, and forgets what lies outside', () => {
    const series = new Series();
    series.take(answer(0, 30, [point(0), point(10), point(20)]));
    series.trim(BASE + 10, BASE + 100);
    expect(seconds(series)).toEqual([10, 20]);
    series.take(answer(0, 60, [point(0)], { resolutionSeconds: 60 }));
    expect(seconds(series)).toEqual([0]);
  });
});

describe('spans', () => {
  it('are one where they touch, and replaced where an answer speaks anew', () => {
    const late = (from: number, to: number) => ({ from, to, kind: 'arrivedLate' as const });
    expect(mergeSpans([late(0, 20)], [late(20, 30)], 20, 40)).toEqual([late(0, 30)]);
    expect(mergeSpans([late(0, 50)], [], 10, 20)).toEqual([late(0, 10), late(20, 50)]);
    expect(mergeSpans([late(0, 10)], [{ from: 10, to: 20, kind: 'noData' }], 10, 20)).toHaveLength(2);
  });
});

describe('columns', () => {
  const points: Point[] = [0, 10, 60].map((at) => ({ at, min: 1, mean: 2, max: 3, late: false }));

  it('have a hole where nothing was kept, so that no line crosses it', () => {
    const [times, , , means] = columns(points, [{ from: 20, to: 60, kind: 'noData' }], []);
    expect(times).toEqual([0, 10, 20, 60]);
    expect(means).toEqual([2, 2, null, 2]);
  });

  it('are in the order of time with holes at either end', () => {
    const [times] = columns(points, [{ from: -50, to: 0, kind: 'noData' }, { from: 70, to: 90, kind: 'noData' }], []);
    expect(times).toEqual([0, 10, 60]);
  });
});

describe('the usual band', () => {
  it('is the mean around a point and three deviations', () => {
    const band = usualBand(Array.from({ length: 40 }, (_, i) => ({ mean: i % 2 === 0 ? 9 : 11 })));
    expect(band[20]!.low).toBeCloseTo(10 - 3, 0);
    expect(band[20]!.high).toBeCloseTo(10 + 3, 0);
  });

  it('is not drawn from too few points', () => {
    expect(usualBand([{ mean: 1 }, { mean: 2 }])).toEqual([null, null]);
  });
});
