import { expect, test } from 'vitest';
import { backoff } from './backoff';

test('waits double up to a limit, spread by half either way', () => {
  expect(backoff(0, () => 0.5)).toBe(500);
  expect(backoff(3, () => 0.5)).toBe(4_000);
  expect(backoff(50, () => 0)).toBe(7_500);
  expect(backoff(50, () => 1)).toBe(22_500);
});
