import { expect, test } from 'vitest';
import { mountPresence } from './presence';

test('somebody who touches the page is told of once a minute, nobody else at all', () => {
  const page = new EventTarget();
  let now = 0;
  let told = 0;
  mountPresence(page, () => told++, () => now);

  page.dispatchEvent(new Event('keydown'));
  now = 60_000;
  expect(told).toBe(0);
  page.dispatchEvent(new Event('pointerdown'));
  page.dispatchEvent(new Event('keydown'));
  now = 110_000;
  page.dispatchEvent(new Event('wheel'));
  expect(told).toBe(1);
  now = 120_000;
  page.dispatchEvent(new Event('wheel'));
  expect(told).toBe(2);
});
