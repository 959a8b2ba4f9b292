import { expect, test } from 'vitest';
import { asOf } from './clock';
import { believed, connectionWords } from './connection';

const now = new Date('2026-11-21T20:58:30Z');

test('times name their zone, and their day when it is not today', () => {
  expect(asOf(new Date('2026-11-21T20:58:01.900Z'), now)).toBe('20:58:01 UTC');
  expect(asOf(new Date('2026-11-20T23:59:59Z'), now)).toBe('20 Nov 23:59:59 UTC');
  expect(asOf(new Date('2025-12-31T23:59:59Z'), now)).toBe('31 Dec 2025 23:59:59 UTC');
});

test('every state but live says that what is shown is dated', () => {
  const at = new Date('2026-11-21T20:58:01Z');
  expect(connectionWords('live', at, now)).toBe('Live · as of 20:58:01 UTC');
  for (const state of ['silent', 'reconnecting', 'store', 'signed-out'] as const) {
    expect(connectionWords(state, at, now)).toContain('data as of 20:58:01 UTC');
    expect(connectionWords(state, null, now)).toContain('no data yet');
  }
});

test('a state that is not said anew is not believed to be live', () => {
  expect(believed('live', 1_000)).toBe('live');
  expect(believed('live', 6_000)).toBe('silent');
  expect(believed('store', 60_000)).toBe('store');
});
