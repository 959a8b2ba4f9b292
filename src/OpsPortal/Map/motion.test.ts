import { describe, expect, test } from 'vitest';
import { Motion } from './motion';
import type { Network } from './network';
import { Track } from './track';

const place = (longitude: number) => ({ latitude: 53, longitude });

describe('motion', () => {
  test('a train glides to its newest place and arrives', () => {
    const motion = new Motion(false);
    motion.tell('a', place(1), 0, 0);
    motion.tell('a', place(1.01), 10000, 1_000);
    expect(motion.at('a', 1_000)?.longitude).toBe(1);
    const midway = motion.at('a', 1_500)!.longitude;
    expect(midway).toBeGreaterThan(1);
    expect(midway).toBeLessThan(1.01);
    expect(motion.at('a', 3_000)?.longitude).toBe(1.01);
    expect(motion.isMoving(3_000)).toBe(false);
  });

  test('a train that is told to be far away is drawn there at once', () => {
    const motion = new Motion(false);
    motion.tell('a', place(1), 0, 0);
    motion.tell('a', place(2), 10000, 1_000);
    expect(motion.at('a', 1_000)?.longitude).toBe(2);
  });

  test('a train that no train is fast enough for is drawn at once', () => {
    const motion = new Motion(false);
    motion.tell('a', place(1), 0, 0);
    // 670 m in two seconds of its own clock: 1,200 km/h.
    motion.tell('a', place(1.01), 2_000, 1_000);
    expect(motion.at('a', 1_000)?.longitude).toBe(1.01);
  });

  test('BAD-10: a jump of 2,000 km in a second is drawn there at once, with nothing in between', () => {
    const motion = new Motion(false);
    motion.tell('a', { latitude: 53, longitude: -2 }, 0, 0);
    motion.tell('a', { latitude: 71, longitude: -2 }, 1_000, 1_000);
    for (const now of [1_000, 1_100, 1_500, 2_000]) {
      expect(motion.at('a', now)).toEqual({ latitude: 71, longitude: -2 });
    }
    expect(motion.isMoving(1_001)).toBe(false);
  });

  test('BAD-11: a train that crosses the line of dates is never drawn on the way around the world', () => {
    const motion = new Motion(false);
    motion.tell('a', { latitude: 53, longitude: 179.999 }, 0, 0);
    motion.tell('a', { latitude: 53, longitude: -179.999 }, 10_000, 1_000);
    for (let now = 1_000; now < 3_000; now += 100) {
      expect(motion.at('a', now)?.longitude).toBe(-179.999);
    }
  });

  test('between two reporting points a minute apart a train jumps', () => {
    const motion = new Motion(false);
    motion.tell('a', place(1), 0, 0);
    motion.tell('a', place(1.02), 60_000, 1_000);
    expect(motion.at('a', 1_000)?.longitude).toBe(1.02);
    expect(motion.isMoving(1_000)).toBe(false);
  });

  test('nothing glides for who asked for less motion', () => {
    const motion = new Motion(true);
    motion.tell('a', place(1), 0, 0);
    motion.tell('a', place(1.01), 10000, 1_000);
    expect(motion.at('a', 1_000)?.longitude).toBe(1.01);
  });

  test('a train that is gone is forgotten', () => {
    const motion = new Motion(false);
    motion.tell('a', place(1), 0, 0);
    motion.keepOnly(new Set());
    expect(motion.at('a', 1)).toBeNull();
  });

  // A line with a corner: 1 km east, then 1 km north.
  const corner = { lines: { features: [{ properties: { id: 'L', name: 'L', km: [0, 1, 2] }, geometry: { coordinates: [[1, 53], [1.01, 53], [1.01, 53.01]] } }] } } as unknown as Network;
  const track = new Track(corner);

  test('between two positions a train keeps to its line, round the corner', () => {
    const motion = new Motion(false, track);
    motion.tell('a', { latitude: 53, longitude: 1.005, line: 'L', km: 0.5 }, 0, 0);
    motion.tell('a', { latitude: 53.005, longitude: 1.01, line: 'L', km: 1.5 }, 10_000, 1_000);
    const midway = motion.at('a', 1_550)!;
    expect(midway.longitude).toBeCloseTo(1.01, 5);
    expect(midway.latitude).toBeCloseTo(53, 5);
    expect(motion.at('a', 2_200)).toEqual({ latitude: 53.005, longitude: 1.01 });
  });

  test('a kilometre that does not fit the position is not believed: the way is straight', () => {
    const motion = new Motion(false, track);
    motion.tell('a', { latitude: 53.2, longitude: 1, line: 'L', km: 0.5 }, 0, 0);
    motion.tell('a', { latitude: 53.21, longitude: 1, line: 'L', km: 1.5 }, 10_000, 1_000);
    expect(motion.at('a', 1_550)!.latitude).toBeCloseTo(53.205, 5);
  });

  test('nothing is drawn beyond the newest place, however long no other comes', () => {
    const motion = new Motion(false, track);
    motion.tell('a', { latitude: 53, longitude: 1.001, line: 'L', km: 0.1 }, 0, 0);
    motion.tell('a', { latitude: 53, longitude: 1.002, line: 'L', km: 0.2 }, 10_000, 1_000);
    expect(motion.at('a', 60_000)).toEqual({ latitude: 53, longitude: 1.002 });
    expect(track.at('L', 2.5)).toBeNull();
    expect(track.at('M', 1)).toBeNull();
  });
});
