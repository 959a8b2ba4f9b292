import { expect, test } from 'vitest';
import { announcement } from './announce';

const alert = (severity: 'critical' | 'warning' | 'watch', trainId: string) => ({ severity, trainId, explanation: 'Brake pipe 4.3 bar, expected 5.0' });

test('a storm is one sentence: the worst in full, the rest as a number', () => {
  expect(announcement([alert('watch', 'a'), alert('critical', 'b'), alert('warning', 'c')])).toBe('New critical alert, train b: Brake pipe 4.3 bar, expected 5.0. And 2 more new alerts.');
});

test('one alert is said alone, none is silence', () => {
  expect(announcement([alert('warning', 'a')])).toBe('New warning alert, train a: Brake pipe 4.3 bar, expected 5.0.');
  expect(announcement([])).toBe('');
});
