import type { Severity } from '../../Feed/frames';
import { SEVERITIES } from '../words';
import type { SensorState } from './consist';
import type { Alert, Sensor, TrainDetail } from './wire';

/** A sensor with less than this of a score is not what the alert or anomaly is about. */
export const MAIN_SHARE = 0.25;

/** The worst alert that stands and is about this sensor. */
export function alertOn(sensor: string, alerts: readonly Alert[]): Alert | null {
  const about = alerts.filter((alert) => alert.clearedAt === null && alert.shares.some((share, i) => share.sensor === sensor && (i === 0 || (share.share ?? 0) >= MAIN_SHARE)));
  return about.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity))[0] ?? null;
}

export interface SensorView {
  sensor: Sensor;
  state: SensorState;
  /** How old the value is, ms. */
  age: number;
  /** True when the value is not the present one. */
  isStale: boolean;
  alert: Alert | null;
}

/** How each sensor is: an alert outranks staleness, but a stale value is never shown as a present one. */
export function viewSensors(detail: TrainDetail, isCurrent: boolean, now: number): SensorView[] {
  return detail.sensors.map((sensor) => {
    const age = now - Date.parse(sensor.measuredAt);
    const isStale = !isCurrent || age > detail.staleAfterSeconds * 1000;
    const alert = alertOn(sensor.id, detail.openAlerts);
    const state: SensorState | Severity = alert?.severity ?? (isStale ? 'stale' : 'ok');
    return { sensor, state, age, isStale, alert };
  });
}

/** "78.2 °C"; "no value" when the instrument gave none. */
export function valueWords(value: number | null, unit: string, decimals: number): string {
  return value === null ? 'no value' : unit === '' ? value.toFixed(decimals) : `${value.toFixed(decimals)} ${unit}`;
}
