import { ask } from './ask';
import { valueWords } from './sensorState';
import type { Anomaly, Readings, Sensor } from './wire';

const WINDOW = 10_000;
// A window is packed some seconds after it ends: until then the question is asked again.
const AGAIN_AFTER = 10_000;

/** What traction drew when the anomaly was measured: the load as the train itself measures it. */
export function mountLoadThen(trainId: string, changed: () => void): (anomaly: Anomaly, sensors: readonly Sensor[]) => string {
  let known = { id: '', words: '', isFound: false, askedAt: -Infinity };
  async function find(anomaly: Anomaly, sensor: Sensor): Promise<void> {
    const asked = known;
    try {
      asked.words = words(await ask<Readings>(address(trainId, anomaly, sensor)), anomaly, sensor);
      asked.isFound = asked.words !== '';
      asked.words ||= 'not kept yet';
    } catch (problem) {
      asked.words = (problem as Error).message;
    }

    changed();
  }

  return (anomaly, sensors) => {
    const sensor = sensors.find((candidate) => candidate.kind === 'tractionCurrent');
    if (sensor === undefined) {
      return 'not measured on this train';
    }

    if (known.id !== anomaly.id) {
      known = { id: anomaly.id, words: 'loading…', isFound: false, askedAt: -Infinity };
    }

    if (!known.isFound && performance.now() - known.askedAt > AGAIN_AFTER) {
      known.askedAt = performance.now();
      void find(anomaly, sensor);
    }

    return known.words;
  };
}

function address(trainId: string, anomaly: Anomaly, sensor: Sensor): string {
  const from = windowOf(anomaly);
  const query = new URLSearchParams({ sensor: sensor.id, from: new Date(from).toISOString(), to: new Date(from + WINDOW).toISOString(), resolution: `${WINDOW / 1000}s` });
  return `/api/trains/${encodeURIComponent(trainId)}/readings?${query}`;
}

/** "traction current 2 312 A (290 to 340)"; "" while the window is not kept. */
export function words(readings: Pick<Readings, 'points'>, anomaly: Pick<Anomaly, 'measuredAt'>, sensor: Pick<Sensor, 'words' | 'unit' | 'decimals'>): string {
  const from = windowOf(anomaly);
  const [, min, mean, max] = readings.points.find(([at]) => Date.parse(at) >= from && Date.parse(at) < from + WINDOW) ?? [];
  if (min == null || mean == null || max == null) {
    return '';
  }

  const bounds = min === max ? '' : ` (${min.toFixed(sensor.decimals)} to ${max.toFixed(sensor.decimals)} within 10 s)`;
  return `${sensor.words}: ${valueWords(mean, sensor.unit, sensor.decimals)}${bounds}`;
}

function windowOf(anomaly: Pick<Anomaly, 'measuredAt'>): number {
  return Math.floor(Date.parse(anomaly.measuredAt) / WINDOW) * WINDOW;
}
