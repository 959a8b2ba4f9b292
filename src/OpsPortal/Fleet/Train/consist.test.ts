import { describe, expect, it } from 'vitest';
import { CAR, layOut, placeOf } from './consist';

describe('places read from ids', () => {
  it.each([
    ['axleBoxTemperature.car3.axle2.right', { car: 3, axle: 2, bogie: null, side: 'right' }],
    ['bogieVibration.car11.bogie2', { car: 11, axle: null, bogie: 2, side: null }],
    ['brakePipePressure.car1', { car: 1, axle: null, bogie: null, side: null }],
    ['something', { car: 1, axle: null, bogie: null, side: null }],
  ])('%s', (id, place) => {
    expect(placeOf(id)).toEqual(place);
  });
});

describe('the train from above', () => {
  const spot = (consist: ReturnType<typeof layOut>, id: string) => consist.spots.find((candidate) => candidate.id === id)!;

  it('has as many cars as the train is known to have, or as its sensors name', () => {
    expect(layOut(['a.car3'], 11).cars).toHaveLength(11);
    expect(layOut(['a.car3'], null).cars).toHaveLength(3);
    expect(layOut(['a.car12'], 11).cars).toHaveLength(12);
    expect(layOut([], null).cars).toHaveLength(1);
  });

  it('has left above right on the same axle, inside the car', () => {
    const consist = layOut(['t.car2.axle1.left', 't.car2.axle1.right'], null);
    const [left, right] = [spot(consist, 't.car2.axle1.left'), spot(consist, 't.car2.axle1.right')];
    expect(left.x).toBe(right.x);
    expect(left.y).toBeLessThan(right.y);
    expect(left.x).toBeGreaterThan(CAR.width);
    expect(left.x).toBeLessThan(2 * CAR.width + CAR.gap);
  });

  it.each([1, 2, 4, 6, 15])('keeps %i sensors of one car apart and on the drawing', (count) => {
    const ids = Array.from({ length: count }, (_, i) => `kind${i}.car1`);
    const consist = layOut(ids, null);
    for (const a of consist.spots) {
      expect(a.x).toBeGreaterThanOrEqual(0);
      expect(a.x).toBeLessThanOrEqual(consist.width);
      expect(consist.spots.every((b) => a === b || Math.hypot(a.x - b.x, a.y - b.y) >= 24)).toBe(true);
    }
  });
});
