/** Milliseconds to wait before the given try (from 0): doubling to 15 s, each spread by ±50 % so that watchers do not return in step. */
export function backoff(attempt: number, chance: () => number): number {
  const middle = Math.min(15_000, 500 * 2 ** Math.min(attempt, 10));
  return Math.round(middle * (0.5 + chance()));
}
