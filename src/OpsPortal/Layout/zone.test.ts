import { expect, test } from 'vitest';
import { asOf } from './clock';
import { zoned, zoneRecord } from './zone';

const now = new Date('2026-07-01T23:30:00Z');

test('times are the zone’s, with its name of that day', () => {
  expect(asOf(new Date('2026-07-01T23:10:05Z'), now, 'Europe/London')).toBe('00:10:05 BST');
  expect(asOf(new Date('2026-01-05T09:10:05Z'), now, 'Europe/London')).toBe('5 Jan 09:10:05 GMT');
  expect(asOf(new Date('2026-07-01T22:10:05Z'), now, 'Europe/London')).toBe('1 Jul 23:10:05 BST');
  expect(asOf(new Date('2025-12-31T23:30:00Z'), now, 'Europe/Paris')).toBe('1 Jan 00:30:00 CET');
});

test('the hour that comes twice is told apart by its name', () => {
  const later = new Date('2026-10-25T12:00:00Z');
  expect(asOf(new Date('2026-10-25T00:30:00Z'), later, 'Europe/London')).toBe('01:30:00 BST');
  expect(asOf(new Date('2026-10-25T01:30:00Z'), later, 'Europe/London')).toBe('01:30:00 GMT');
});

test('the server is told the zone and what its offsets are called', () => {
  expect(zoneRecord('Europe/London', 2026)).toBe('Europe/London~0:GMT~60:BST');
  expect(zoneRecord('UTC', 2026)).toBe('UTC~0:UTC');
  expect(zoned(new Date('2026-07-01T00:00:00Z'), 'Asia/Kolkata').offset).toBe(330);
});
