import { describe, expect, it } from 'vitest';
import { strongest } from './anomalies';
import type { Anomaly } from './wire';

const anomaly = (id: string, grade: number | null, score: number | null) => ({ id, grade, score }) as Anomaly;

describe('the anomaly shown first', () => {
  it('has the highest grade, then the highest score, then is the newest', () => {
    expect(strongest([anomaly('new', 0.1, 9), anomaly('b', 1, 3), anomaly('c', 1, 4), anomaly('d', 1, 4)])?.id).toBe('c');
    expect(strongest([anomaly('a', null, null), anomaly('b', null, null)])?.id).toBe('a');
    expect(strongest([])).toBeNull();
  });
});
