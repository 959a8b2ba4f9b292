import { describe, expect, test } from 'vitest';
import { missingWords, progressWords, titleWords, type MergedJob } from './mergedJob';
import { sizeWords } from './words';

const job: MergedJob = {
  id: 'a', extractId: 'b', format: 'csv', state: 'running', trains: ['390-001', '390-002', '390-003', '390-004'], from: '2026-11-21T00:00:00Z', to: '2026-11-22T00:00:00Z', sensors: ['x'], files: 40, filesRead: 12,
  filesOutside: 0, rows: 1234, rowsUnplaced: 0, bytes: 3_210_000, leftOutCount: 0, leftOut: [], trainsLeftOut: [], waiting: null, error: null, checksum: null, fileName: null, file: null, keptUntil: null,
};

describe('a merged download in words', () => {
  test('says what it is of and how far it is', () => {
    expect(titleWords(job)).toMatch(/^390-001, 390-002, 390-003 and 1 more · .* · 1 sensor · CSV$/);
    expect(progressWords(job)).toBe('Reading: 12 of 40 files · 1,234 rows, 3.2 MB');
    expect(progressWords({ ...job, filesRead: 40 })).toContain('making the checksum');
    expect(progressWords({ ...job, state: 'succeeded', rows: 1 })).toBe('Ready: 1 row, 3.2 MB');
    expect(progressWords({ ...job, state: 'failed' })).toBe('Failed after 12 of 40 files.');
  });

  test('says everything that is not in it, and nothing when all is', () => {
    expect(missingWords(job)).toEqual([]);
    expect(missingWords({ ...job, leftOutCount: 2, leftOut: [{ key: 'k', reason: 'gone' }], filesOutside: 1, trainsLeftOut: ['390-001'], rowsUnplaced: 3 })).toEqual([
      '2 files left out; the first 1 are named here.', '1 file of the extract is outside what you may see now.', '390-001: outside what you may see.', '3 messages of these trains do not say when they were measured and are left out.',
    ]);
  });

  test('sizes are those that the server writes', () => {
    expect([0, 999, 1000, 99_949, 99_950, 1_234_567].map(sizeWords)).toEqual(['0 B', '999 B', '1.0 kB', '99.9 kB', '100 kB', '1.2 MB']);
  });
});
