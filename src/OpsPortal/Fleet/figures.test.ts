import { expect, test } from 'vitest';
import { Fleet } from './fleet';
import { figureValues } from './figures';
import { connectivityWords, duration, subsystemWords } from './words';

test('before the first frame there are no figures, not zeros', () => {
  expect(figureValues({ fleet: new Fleet(), latency: null })).toEqual({});
});

test('with an empty fleet the figures are zero, and the latency is unknown', () => {
  const fleet = new Fleet();
  fleet.take({ version: 1, number: 1, at: '2026-11-21T20:58:01Z', store: { asOf: null, problem: null }, trains: [], alerts: [] }, true);
  expect(figureValues({ fleet, latency: null })).toMatchObject({ online: '0', unknown: '0', critical: '0', latency: null });
});

test('what is not current is never said to be online', () => {
  expect(connectivityWords('online', true)).toBe('online');
  expect(connectivityWords('online', false)).toBe('not current');
  expect(connectivityWords('offline', false)).toBe('offline, not current');
});

test('durations and subsystems are said as people say them', () => {
  expect(duration(412.4)).toBe('412 ms');
  expect(duration(1_340)).toBe('1.3 s');
  expect(duration(61_743_500)).toBe('17 h');
  expect(subsystemWords('axleBox')).toBe('axle box');
});
