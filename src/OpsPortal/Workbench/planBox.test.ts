import { describe, expect, it } from 'vitest';
import { planWords } from './planBox';
import type { Estimate } from './wire';

const told: Estimate = {
  words: ['reads all of readings_minute, about 60 million rows, about 1.2 GB', 'gives 2 rows, 46 bytes'],
  plan: [],
  rows: 60_000_000,
  bytes: 1_234_000_000,
  unknown: null,
  over: true,
  limit: 50_000_000,
};

describe('what the plan box says', () => {
  it('names rows and bytes, and what stands in the way', () => {
    expect(planWords(told, false)).toBe(
      'The query reads all of readings_minute, about 60 million rows, about 1.2 GB; gives 2 rows, 46 bytes.' +
        ' In all about 60,000,000 rows are gone through and about 1.2 GB read.' +
        ' That is more than the 50,000,000 rows that run unasked: it will not run. Ask for less.',
    );
  });

  it('says nothing of bytes where the warehouse says nothing', () => {
    expect(planWords({ ...told, bytes: null, over: false }, false)).toMatch(/ 60,000,000 rows are gone through\.$/);
    expect(planWords({ ...told, rows: null, bytes: null, over: false, words: ['reads all of trains'], unknown: 'That is not told.' }, false)).toBe('The query reads all of trains. That is not told.');
  });
});
