import { describe, expect, it } from 'vitest';
import { viewSensors, valueWords } from './sensorState';
import type { Alert, TrainDetail } from './wire';

const NOW = Date.parse('2026-11-21T20:00:30Z');
const sensor = (id: string, measuredAt: string) => ({ id, words: id, unit: '°C', decimals: 1, value: 61.2, measuredAt });
const alert = (severity: string, clearedAt: string | null, ...shares: [string, number][]) =>
  ({ severity, clearedAt, shares: shares.map(([id, share]) => ({ sensor: id, share })) }) as unknown as Alert;
const train = (openAlerts: Alert[] = []) => ({
  staleAfterSeconds: 10,
  sensors: [sensor('fresh', '2026-11-21T20:00:29Z'), sensor('silent', '2026-11-21T20:00:00Z')],
  openAlerts,
}) as unknown as TrainDetail;
const states = (detail: TrainDetail, isCurrent = true) => viewSensors(detail, isCurrent, NOW).map((view) => view.state);

describe('how a sensor is', () => {
  it('is stale when it alone has fallen silent', () => {
    expect(states(train())).toEqual(['ok', 'stale']);
  });

  it('is stale when nothing on the page is current, however young its value', () => {
    expect(states(train(), false)).toEqual(['stale', 'stale']);
  });

  it('has the worst alert that stands and is about it', () => {
    expect(states(train([alert('watch', null, ['fresh', 0.6]), alert('critical', null, ['silent', 0.6], ['fresh', 0.3])]))).toEqual(['critical', 'critical']);
  });

  it('has none that is gone, or that it has little part in', () => {
    expect(states(train([alert('critical', '2026-11-21T20:00:00Z', ['fresh', 0.9]), alert('warning', null, ['silent', 0.9], ['fresh', 0.05])]))).toEqual(['ok', 'warning']);
  });
});

describe('a value in words', () => {
  it('has its unit and its decimals, and says when there is none', () => {
    expect([valueWords(61.25, '°C', 1), valueWords(3, '', 0), valueWords(null, 'A', 0)]).toEqual(['61.3 °C', '3', 'no value']);
  });
});
