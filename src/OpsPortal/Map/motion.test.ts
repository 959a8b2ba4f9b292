import { describe, expect, test } from 'vitest';
import { Motion } from './motion';

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
});
