import { describe, expect, test } from 'vitest';
import { freshness, SILENT_AFTER } from './freshness';

const fleet = { at: 100_000, storeAsOf: 99_500, storeProblem: null as string | null };

describe('freshness', () => {
  test('is live only with an open link, a recent frame and a store that answers', () => {
    expect(freshness(fleet, 'open', 200)).toMatchObject({ state: 'live', isCurrent: true, asOf: 99_500 });
  });

  test('before the first frame nothing is current', () => {
    expect(freshness({ at: null, storeAsOf: null, storeProblem: null }, 'open', 0)).toMatchObject({ state: 'connecting', isCurrent: false, asOf: null });
  });

  test('silence makes what is shown not current, however good the link looks', () => {
    expect(freshness(fleet, 'open', SILENT_AFTER + 1)).toMatchObject({ state: 'silent', isCurrent: false });
  });

  test('an unreachable store is dated by its own word, not by the frame that says so', () => {
    expect(freshness({ at: 130_000, storeAsOf: 99_500, storeProblem: 'The file is locked.' }, 'open', 100)).toEqual({ state: 'store', isCurrent: false, asOf: 99_500, why: 'The file is locked.' });
  });

  test('a store that never answered has no date at all', () => {
    expect(freshness({ at: 130_000, storeAsOf: null, storeProblem: 'The store has not answered yet.' }, 'open', 100).asOf).toBeNull();
  });

  test('a lost link is not current even right after a frame', () => {
    expect(freshness(fleet, 'reconnecting', 10).isCurrent).toBe(false);
    expect(freshness(fleet, 'signed-out', 10)).toMatchObject({ state: 'signed-out', isCurrent: false });
  });
});
