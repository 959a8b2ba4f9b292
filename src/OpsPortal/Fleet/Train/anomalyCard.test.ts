import { describe, expect, it } from 'vitest';
import { against, sentence } from './anomalyCard';
import type { Share } from './wire';

const share = (more: Partial<Share> = {}): Share => ({ sensor: 's', words: 'axle box 3-2 right', share: 0.71, direction: 'high', observed: 78.2, expected: 61, unit: '°C', ...more });

describe('an anomaly in words', () => {
  it('says what was seen, what was expected, and how much of it this sensor carries', () => {
    expect(sentence({ subsystem: 'axleBox', shares: [share()] })).toBe('Axle box 3-2 right was 78.2 °C where 61.0 °C was expected, 17.2 °C too high. It carries 71 % of the score.');
  });

  it('says less where less is known', () => {
    expect(against(share({ expected: null, direction: 'low' }))).toBe('78.2 °C, too low');
    expect(against(share({ observed: null }))).toBe('too high');
    expect(sentence({ subsystem: 'axleBox', shares: [] })).toBe('Something unusual in the axle box.');
  });
});
