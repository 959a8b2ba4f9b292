import { describe, expect, test } from 'vitest';
import { Latency, median } from './latency';

const online = (measuredAt: number) => ({ connectivity: 'online' as const, measuredAt });

function take(latency: Latency, frameAt: number, arrivedAt: number, shownAt: number, trains: Parameters<Latency['take']>[1]): void {
  latency.hear(frameAt, arrivedAt);
  latency.take(shownAt, trains);
}

describe('measured to shown', () => {
  test('is the median over trains, and over frames', () => {
    const latency = new Latency();
    take(latency, 1_000, 1_000, 1_050, [online(450), online(650), online(850)]);
    expect(latency.median()).toBe(400);
    take(latency, 2_000, 2_000, 2_050, [online(1_450)]);
    expect(latency.median()).toBe(500);
  });

  test('does not depend on how wrong the browser clock is', () => {
    const hour = 3_600_000;
    const latency = new Latency();
    take(latency, 10_000, 10_000 + hour, 10_040 + hour, [online(9_540)]);
    expect(latency.median()).toBe(500);
    expect(latency.serverTime(20_000 + hour)).toBe(20_000);
  });

  test('BAD-55: a clock three days off is known to be with the first frame, before anything is shown', () => {
    const days = 3 * 86_400_000;
    for (const off of [days, -days]) {
      const latency = new Latency();
      latency.hear(10_000, 10_000 + off);
      expect(latency.serverTime(12_000 + off)).toBe(12_000);
    }
  });

  test('counts a frame that was held up on its way', () => {
    const latency = new Latency();
    take(latency, 1_000, 1_000, 1_000, [online(900)]);
    take(latency, 2_000, 2_300, 2_300, [online(1_900)]);
    expect(latency.median()).toBe(250);
  });

  test('leaves out trains that are not online: their data is late for another reason', () => {
    const latency = new Latency();
    take(latency, 1_000, 1_000, 1_000, [{ connectivity: 'offline', measuredAt: 0 }, { connectivity: 'online', measuredAt: null }]);
    expect(latency.median()).toBeNull();
  });

  test('the median of nothing is nothing, of two the middle', () => {
    expect(median([])).toBeNull();
    expect(median([4, 1])).toBe(2.5);
  });
});
