import { describe, expect, it } from 'vitest';
import { between, bounds, pan, readRange, resolution, writeRange, zoom } from './range';

const NOW = Date.parse('2026-11-21T20:58:00Z');
const MINUTE = 60_000;
const following = { length: 15 * MINUTE, end: null };
const past = { length: 15 * MINUTE, end: NOW - 60 * MINUTE };

describe('the range of the plots', () => {
  it('ends now while it follows', () => {
    expect(bounds(following, NOW)).toEqual({ from: NOW - 15 * MINUTE, to: NOW });
  });

  it('leaves now when moved back, and follows again when moved past it', () => {
    const earlier = pan(following, -0.5, NOW);
    expect(earlier.end).toBe(NOW - 7.5 * MINUTE);
    expect(pan(earlier, 1, NOW).end).toBeNull();
  });

  it('never goes further back than readings are kept', () => {
    const week = 7 * 24 * 60 * MINUTE;
    const far = pan({ length: 15 * MINUTE, end: NOW - week }, -10, NOW);
    expect(bounds(far, NOW).from).toBe(NOW - week);
  });

  it('zooms around its middle, around now while following, within a minute and a week', () => {
    expect(zoom(past, 2, NOW)).toEqual({ length: 30 * MINUTE, end: past.end + 7.5 * MINUTE });
    expect(zoom(following, 0.5, NOW)).toEqual({ length: 7.5 * MINUTE, end: null });
    expect(zoom(past, 0.0001, NOW).length).toBe(MINUTE);
    expect(zoom(past, 1e9, NOW).length).toBe(7 * 24 * 60 * MINUTE);
  });

  it('is never later than now', () => {
    expect(between(NOW - MINUTE, NOW + 5 * MINUTE, NOW).end).toBeNull();
    expect(between(NOW - 10 * MINUTE, NOW - 5 * MINUTE, NOW)).toEqual({ length: 5 * MINUTE, end: NOW - 5 * MINUTE });
  });

  it('asks no finer than a plot can show, in windows of ten seconds', () => {
    expect([15, 60, 360, 1440].map((minutes) => resolution(minutes * MINUTE) / 1000)).toEqual([10, 10, 40, 130]);
  });

  it.each(['', 'range=1h', 'range=24h&to=2026-11-21T19%3A00%3A00Z', 'range=100s'])('comes back from the address %s', (query) => {
    const written = new URLSearchParams();
    writeRange(written, readRange(new URLSearchParams(query)));
    expect(written.toString()).toBe(query);
  });

  it.each(['range=', 'range=5y', 'range=3s', 'range=99999999s', 'to=yesterday'])('takes the default for %s', (query) => {
    expect(readRange(new URLSearchParams(query))).toEqual(following);
  });
});
