import { mountAnomalyCard } from '../Fleet/Train/anomalyCard';
import { mountConsist } from '../Fleet/Train/consistView';
import { mountHistory } from '../Fleet/Train/historyCard';
import { note, type PanelState } from '../Fleet/Train/note';
import { Plot } from '../Fleet/Train/plot';
import { readColours } from '../Fleet/Train/plotMarks';
import { viewSensors } from '../Fleet/Train/sensorState';
import { Series } from '../Fleet/Train/series';
import { mountShadow } from '../Fleet/Train/shadowCard';
import { mountValues } from '../Fleet/Train/values';
import type { Alert, Anomaly, Readings, Sensor, Share, Shadow, TrainDetail, WirePoint } from '../Fleet/Train/wire';
import { watchTheme } from '../Layout/theme';

const AT = Date.parse('2026-11-21T20:58:01.000Z');
const NOW = AT + 3_000;
const MINUTE = 60_000;
const HOT = 'axleBoxTemperature.car3.axle2.right';
const time = (before: number) => new Date(AT - before).toISOString();

const sensors: Sensor[] = ([
  [HOT, 'axleBoxTemperature', 'axleBox', 'axle box 3-2 right', '°C', 1, 78.2, 0],
  ['axleBoxTemperature.car3.axle2.left', 'axleBoxTemperature', 'axleBox', 'axle box 3-2 left', '°C', 1, 41.3, 0],
  ['bogieVibration.car2.bogie1', 'bogieVibration', 'bogie', 'bogie vibration 2-1', 'g RMS', 2, 0.412, 0],
  ['brakePipePressure.car1', 'brakePipePressure', 'brakes', 'brake pipe 1', 'bar', 2, 4.98, 95_000],
  ['tractionCurrent.car1', 'tractionCurrent', 'traction', 'traction current 1', 'A', 0, -312, 0],
  ['doorCycleTime.car4', 'doorCycleTime', 'doors', 'door cycle 4', 's', 2, null, 0],
  ['aSensorWithAVeryLongNameThatNobodyKnows.car4', 'x', 'x', 'a sensor with a very long name that nobody knows 4', '', 2, 1234567.89, 0],
] as const).map(([id, kind, subsystem, words, unit, decimals, value, before]) => ({ id, kind, subsystem, words, unit, decimals, value, measuredAt: time(before) }));

const share = (sensor: Sensor, part: number, observed: number, expected: number | null): Share => ({ sensor: sensor.id, words: sensor.words, share: part, direction: observed > (expected ?? 0) ? 'high' : 'low', observed, expected, unit: sensor.unit });

const alerts: Alert[] = (['critical', 'warning', 'watch'] as const).map((severity, i) => ({
  id: `al-${i}`, subsystem: ['axleBox', 'bogie', 'brakes'][i]!, severity, state: i === 0 ? 'unacknowledged' : i === 1 ? 'acknowledged' : 'cleared', raisedAt: time((i + 1) * 20 * MINUTE), lastAnomalyAt: time(i * MINUTE),
  clearedAt: i === 2 ? time(30 * MINUTE) : null, count: 4 + i, late: i === 2, explanation: ['Axle box 3-2 right 78.2 °C, expected 41; 71 % of the score', 'Bogie vibration 2-1 0.41 g RMS, expected 0.2; 88 % of the score', 'Brake pipe 1 4.1 bar, expected 5; 90 % of the score'][i]!,
  shares: [i === 0 ? share(sensors[0]!, 0.71, 78.2, 41) : i === 1 ? share(sensors[2]!, 0.88, 0.41, 0.2) : share(sensors[3]!, 0.9, 4.1, 5)],
  acknowledgement: i === 0 ? null : { by: 'Operator One', at: AT.toString(), note: 'seen' }, delivery: i === 0 ? null : { stage: i === 1 ? 'desired' : 'reported', reportedAt: null, problem: null },
}));

const detail: TrainDetail = {
  id: '390-042', name: '390 042', class: '390', depot: 'Longsight', line: 'WCML', connectivity: 'online', position: null, worstAlert: 'critical', measuredAt: time(0), receivedAt: time(0), offlineSince: null, asOf: time(0),
  cars: 5, staleAfterSeconds: 10, sensors, openAlerts: alerts.filter((alert) => alert.clearedAt === null),
};

const anomaly: Anomaly = {
  id: 'an-1', subsystem: 'axleBox', measuredAt: time(2 * MINUTE), receivedAt: time(2 * MINUTE - 400), keptAt: time(2 * MINUTE - 900), late: false, grade: 0.93, score: 3.1,
  shares: [share(sensors[0]!, 0.71, 76.1, 41), share(sensors[1]!, 0.2, 41.3, 44), share(sensors[3]!, 0.09, 4.98, null)],
  position: { latitude: 53.4774, longitude: -2.2309, headingDeg: 12, speedKmh: 143.5, km: 301.2, measuredAt: time(2 * MINUTE), line: 'WCML' },
};

const shadow: Shadow = {
  desired: { alerts: { 'al-3a214ada578d9d6e7f50e7279500bc7': { severity: 'critical', raisedAt: time(20 * MINUTE) } }, acknowledgements: { 'al-3a214ada578d9d6e7f50e7279500bc7': { by: 'Operator One', at: time(10 * MINUTE) } } },
  reported: { alerts: { 'al-3a214ada578d9d6e7f50e7279500bc7': { severity: 'critical', raisedAt: time(20 * MINUTE) } }, received: { 'al-3a214ada578d9d6e7f50e7279500bc7': time(12 * MINUTE) } },
  delta: {}, version: 7, writtenAt: time(10 * MINUTE), asOf: time(0),
};

// Fifteen minutes: usual, out of reach and arrived late, nothing at all, then the fault.
function readings(): Readings {
  const from = AT - 15 * MINUTE;
  const points: WirePoint[] = [];
  const late: number[] = [];
  for (let at = from; at < AT; at += 10_000) {
    const minute = (at - from) / MINUTE;
    if (minute >= 8 && minute < 10) {
      continue;
    }

    if (minute >= 4 && minute < 6) {
      late.push(points.length);
    }

    const mean = 41 + 2 * Math.sin(minute) + (minute > 12 ? (minute - 12) * 12 : 0);
    points.push([new Date(at).toISOString(), mean - 0.8, mean, mean + 0.8]);
  }

  const span = (start: number, end: number, kind: 'arrivedLate' | 'noData') => ({ from: new Date(from + start * MINUTE).toISOString(), to: new Date(from + end * MINUTE).toISOString(), kind });
  return { sensor: HOT, from: new Date(from).toISOString(), to: time(0), resolutionSeconds: 10, points, late, spans: [span(4, 6, 'arrivedLate'), span(8, 10, 'noData')], keptForSeconds: 604_800, asOf: time(0), limited: null };
}

/** The parts of the train page as they are in the given state: ready, stale, loading, empty, error. */
export function mountTrainSample(sample: HTMLElement): void {
  const name = sample.dataset['trainSample']!;
  const part = <T extends HTMLElement>(selector: string) => sample.querySelector<T>(selector)!;
  const state: PanelState = name === 'stale' ? 'error' : (name as PanelState);
  const isKnown = name === 'ready' || name === 'stale';
  const why = state === 'error' ? 'The portal cannot be reached.' : state === 'empty' ? 'None so far' : '';
  sample.querySelectorAll<HTMLElement>('.note').forEach((line) => note(line, state, isKnown || state === 'empty' ? AT : null, NOW, why));
  if (isKnown) {
    const views = viewSensors(detail, name === 'ready', NOW);
    mountConsist(part('.consist-frame'), () => undefined)(views, detail.cars, HOT);
    mountValues(part('.values'), () => undefined)(views, HOT);
    mountHistory(part('.train-history'), () => undefined)(alerts, NOW);
    mountShadow(part('.shadow-words'), part('.shadow-frame'))(shadow, NOW);
    mountPlot(part('.plot-list'));
  }

  const card = mountAnomalyCard(part('.anomaly-body'), { step: () => undefined, show: () => undefined, select: () => undefined });
  card({ anomaly: isKnown ? anomaly : null, place: 1, all: 3, load: 'traction current 1: 312 A (290 to 340 within 10 s)' }, NOW);
}

function mountPlot(list: HTMLElement): void {
  const series = new Series();
  series.take(readings());
  let colours = readColours();
  const plot = new Plot(sensors[0]!, () => colours, { zoom: () => undefined, choose: () => undefined });
  // Several samples of one sensor on one page.
  plot.element.removeAttribute('id');
  list.append(plot.element);
  const earlier: Anomaly = { ...anomaly, id: 'an-0', measuredAt: time(MINUTE), shares: [share(sensors[0]!, 0.8, 75, 41)] };
  plot.show({ series, from: AT - 15 * MINUTE, to: AT, anomalies: [anomaly, earlier], chosen: anomaly.id });
  plot.describe();
  watchTheme(() => {
    colours = readColours();
    plot.recolour();
  });
}
