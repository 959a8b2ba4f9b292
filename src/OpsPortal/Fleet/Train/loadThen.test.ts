import { describe, expect, it } from 'vitest';
import { words } from './loadThen';

const sensor = { words: 'traction current 2', unit: 'A', decimals: 0 };
const anomaly = { measuredAt: '2026-11-21T20:00:17Z' };

describe('the load when it happened', () => {
  it('is what traction drew in the ten seconds around it', () => {
    expect(words({ points: [['2026-11-21T20:00:00Z', 1, 1, 1], ['2026-11-21T20:00:10Z', 290, 312, 340]] }, anomaly, sensor)).toBe('traction current 2: 312 A (290 to 340 within 10 s)');
  });

  it('says nothing while those ten seconds are not kept', () => {
    expect(words({ points: [['2026-11-21T20:00:10Z', null, null, null]] }, anomaly, sensor)).toBe('');
    expect(words({ points: [] }, anomaly, sensor)).toBe('');
  });
});
