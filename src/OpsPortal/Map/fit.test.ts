import { describe, expect, test } from 'vitest';
import { fitToFleet } from './fit';
import type { Bounds } from './network';

const BRITAIN: Bounds = [-5.6, 50.1, 1.6, 57.5];
const at = (latitude: number | null, longitude: number | null) => ({ latitude, longitude });

describe('fitting the map to the fleet', () => {
  test('a fleet that runs somewhere else is gone to', () => {
    expect(fitToFleet([at(53.35, -6.25), at(51.85, -8.29), at(null, null)], BRITAIN, null)).toEqual([-8.29, 51.85, -6.25, 53.35]);
  });

  test('it grows with the fleet and rests when all are seen', () => {
    const shown: Bounds = [-9, 51, -5, 54];
    expect(fitToFleet([at(53.35, -6.25), at(51.85, -8.29)], BRITAIN, shown)).toBeNull();
    expect(fitToFleet([at(53.35, -6.25), at(54.1, -9.7)], BRITAIN, shown)).toEqual([-9.7, 53.35, -6.25, 54.1]);
  });

  test('with any train on the network, or none at all, the map stays', () => {
    expect(fitToFleet([at(53.35, -6.25), at(53.47, -2.24)], BRITAIN, null)).toBeNull();
    expect(fitToFleet([at(null, null)], BRITAIN, null)).toBeNull();
  });
});
