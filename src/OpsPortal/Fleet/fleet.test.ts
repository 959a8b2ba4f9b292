import { describe, expect, test } from 'vitest';
import type { Frame, WireAlert, WireTrain } from '../Feed/frames';
import { Fleet } from './fleet';

const AT = '2026-11-21T20:58:01.000Z';

function train(id: string, change: Partial<WireTrain> = {}): WireTrain {
  return {
    id, name: id.replace('-', ' '), class: '390', depot: 'Longsight', line: 'WCML', connectivity: 'online', worstAlert: null, asOf: AT, measuredAt: AT, receivedAt: AT, originalMeasuredAt: null,
    position: { latitude: 53.4774, longitude: -2.2309, headingDeg: 12, speedKmh: 143.5, km: 301.2, measuredAt: AT },
    ...change,
  };
}

function alert(id: string, change: Partial<WireAlert> = {}): WireAlert {
  return {
    id, shares: [], trainId: '390-042', subsystem: 'axleBox', severity: 'critical', state: 'unacknowledged', raisedAt: AT, lastAnomalyAt: AT, count: 1,
    explanation: 'Axle box 3-2 78 °C, expected 61', acknowledgement: null, delivery: null, ...change,
  };
}

const frame = (change: Partial<Frame>): Frame => ({ version: 1, number: 1, at: AT, store: { asOf: AT, problem: null }, ...change });

describe('the fleet', () => {
  test('a snapshot replaces everything that was known before', () => {
    const fleet = new Fleet();
    fleet.take(frame({ trains: [train('390-001')], alerts: [alert('a')] }), true);
    fleet.take(frame({ trains: [train('390-002')], alerts: [] }), true);
    expect([...fleet.trains.keys()]).toEqual(['390-002']);
    expect(fleet.alerts.size).toBe(0);
  });

  test('a move of a recording tells the original time, and how old the last good position is', () => {
    const fleet = new Fleet();
    fleet.take(frame({ trains: [train('A204')] }), true);
    fleet.take(frame({ moves: [['A204', 52.6766, -7.8219, null, null, null, 'online', null, 60_000, 61_000, 1_000, 1_758_615_302_000]] }), false);
    expect(fleet.trains.get('A204')).toMatchObject({ measuredAt: 60_000, positionAt: 1_000, originalMeasuredAt: 1_758_615_302_000, speed: null });
    fleet.take(frame({ moves: [['A204', 52.6766, -7.8219, null, null, null, 'online', null, 120_000, 121_000]] }), false);
    expect(fleet.trains.get('A204')).toMatchObject({ positionAt: 120_000, originalMeasuredAt: null });
  });

  test('BAD-10: a position is doubtful until the next one that is not', () => {
    const fleet = new Fleet();
    fleet.take(frame({ trains: [train('A204')] }), true);
    expect(fleet.trains.get('A204')).toMatchObject({ isSuspect: false });
    fleet.take(frame({ moves: [['A204', 48.85, 2.35, null, null, null, 'online', null, 60_000, 61_000, 60_000, null, 1]] }), false);
    expect(fleet.trains.get('A204')).toMatchObject({ isSuspect: true, positionAt: 60_000, originalMeasuredAt: null });
    fleet.take(frame({ moves: [['A204', 48.86, 2.35, null, null, null, 'online', null, 70_000, 71_000]] }), false);
    expect(fleet.trains.get('A204')).toMatchObject({ isSuspect: false });
  });

  test('a move changes the train it names and nothing else', () => {
    const fleet = new Fleet();
    fleet.take(frame({ trains: [train('390-001'), train('390-002')] }), true);
    fleet.take(frame({ moves: [['390-001', 54.1, -2.8, 350, 99.5, 370.1, 'stale', 'warning', 1_000, 2_000]] }), false);
    expect(fleet.trains.get('390-001')).toMatchObject({ latitude: 54.1, longitude: -2.8, heading: 350, speed: 99.5, km: 370.1, connectivity: 'stale', worstAlert: 'warning', measuredAt: 1_000, receivedAt: 2_000 });
    expect(fleet.trains.get('390-002')).toMatchObject({ latitude: 53.4774, connectivity: 'online', worstAlert: null });
  });

  test('a train may lose its position and is then shown without one', () => {
    const fleet = new Fleet();
    fleet.take(frame({ trains: [train('390-001')] }), true);
    fleet.take(frame({ moves: [['390-001', null, null, null, null, null, 'online', null, 1_000, 2_000]] }), false);
    expect(fleet.trains.get('390-001')?.latitude).toBeNull();
  });

  test('a move of a train that was never introduced is not made into a train', () => {
    const fleet = new Fleet();
    fleet.take(frame({ moves: [['390-009', 54, -2, 0, 0, 0, 'online', null, 1, 2]] }), false);
    expect(fleet.trains.size).toBe(0);
  });

  test('an alert is new once, changes afterwards, and goes when it clears', () => {
    const fleet = new Fleet();
    fleet.take(frame({}), true);
    expect(fleet.take(frame({ alerts: [alert('a')] }), false).map((one) => one.id)).toEqual(['a']);
    expect(fleet.take(frame({ alerts: [alert('a', { count: 2 })] }), false)).toEqual([]);
    expect(fleet.alerts.get('a')?.count).toBe(2);
    expect(fleet.take(frame({ alerts: [alert('a', { state: 'cleared' })] }), false)).toEqual([]);
    expect(fleet.alerts.size).toBe(0);
  });

  test('an alert that returned without being acknowledged stays open', () => {
    const fleet = new Fleet();
    fleet.take(frame({ alerts: [alert('a', { state: 'returnedUnacknowledged' })] }), true);
    expect(fleet.alerts.size).toBe(1);
  });

  test('what stood in a snapshot is not announced as new', () => {
    expect(new Fleet().take(frame({ alerts: [alert('a')] }), true)).toEqual([]);
  });

  test('an anomaly counts for one minute and only once', () => {
    const fleet = new Fleet();
    const anomaly = { id: 'x', trainId: '390-001', measuredAt: AT, receivedAt: AT };
    fleet.take(frame({ anomalies: [anomaly, anomaly] }), true);
    expect(fleet.recentAnomalies().count).toBe(1);
    fleet.take(frame({ at: '2026-11-21T20:59:02.000Z' }), false);
    expect(fleet.recentAnomalies().count).toBe(0);
  });

  test('the anomalies of a minute are only called all when the whole minute was heard', () => {
    const fleet = new Fleet();
    const anomaly = (id: string, receivedAt: string) => ({ id, trainId: '390-001', measuredAt: receivedAt, receivedAt });
    fleet.take(frame({ anomalies: [anomaly('x', '2026-11-21T20:57:31.000Z')] }), true);
    expect(fleet.recentAnomalies()).toEqual({ count: 1, areAll: false });
    fleet.take(frame({ at: '2026-11-21T20:58:31.000Z', anomalies: [anomaly('y', '2026-11-21T20:58:31.000Z')] }), false);
    expect(fleet.recentAnomalies()).toEqual({ count: 2, areAll: true });
  });
});
