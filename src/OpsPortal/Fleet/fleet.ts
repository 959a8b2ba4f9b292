import type { Connectivity, Frame, Move, Severity, WireAlert, WireTrain } from '../Feed/frames';
import { LONGEST_NAME, readable } from '../Layout/readable';
import { SEVERITIES } from './words';

export interface TrainOnMap {
  id: string;
  name: string;
  line: string;
  class: string;
  depot: string;
  connectivity: Connectivity;
  worstAlert: Severity | null;
  latitude: number | null;
  longitude: number | null;
  heading: number | null;
  speed: number | null;
  km: number | null;
  measuredAt: number | null;
  receivedAt: number | null;
  /** When the position was measured: older than measuredAt when the newest one was no good. */
  positionAt: number | null;
  /** No train can have come to its position from the one before in the time between. */
  isSuspect: boolean;
  /** For a recording: its own time of the newest message. */
  originalMeasuredAt: number | null;
}

const MINUTE = 60_000;

/** How many minutes of anomalies are remembered. */
export const MINUTES = 15;

/** The fleet as the feed has told it so far. A page never changes it otherwise. */
export class Fleet {
  readonly trains = new Map<string, TrainOnMap>();
  readonly alerts = new Map<string, WireAlert>();
  readonly #anomalies = new Map<string, number>();
  #anomaliesSince = 0;
  at: number | null = null;
  storeAsOf: number | null = null;
  storeProblem: string | null = null;
  frames = 0;

  /** Takes a frame; returns the alerts that are new with it (none for a snapshot). */
  take(frame: Frame, isSnapshot: boolean): WireAlert[] {
    if (isSnapshot) {
      this.trains.clear();
      this.alerts.clear();
      this.#anomalies.clear();
    }

    this.frames++;
    this.at = Date.parse(frame.at);
    this.storeAsOf = frame.store.asOf === null ? null : Date.parse(frame.store.asOf);
    this.storeProblem = frame.store.problem;
    frame.trains?.forEach((train) => this.trains.set(train.id, ofWire(train)));
    frame.moves?.forEach((move) => this.#move(move));
    if (isSnapshot) {
      // A snapshot brings the newest ones only: what arrived before the oldest of them is not known.
      this.#anomaliesSince = Math.min(this.at, ...(frame.anomalies ?? []).map((anomaly) => Date.parse(anomaly.receivedAt)));
    }

    frame.anomalies?.forEach((anomaly) => this.#anomalies.set(anomaly.id, Date.parse(anomaly.receivedAt)));
    const fresh = (frame.alerts ?? []).filter((alert) => this.#takeAlert(alert));
    return isSnapshot ? [] : fresh;
  }

  /** Anomalies that arrived in each of the last minutes before the newest frame, oldest first; null where not all are known. */
  anomaliesByMinute(): (number | null)[] {
    const at = this.at ?? 0;
    const counts = new Array<number | null>(MINUTES).fill(0);
    for (const [id, receivedAt] of this.#anomalies) {
      const ago = Math.max(0, Math.floor((at - receivedAt) / MINUTE));
      if (ago >= MINUTES) {
        this.#anomalies.delete(id);
      } else {
        counts[MINUTES - 1 - ago]!++;
      }
    }

    return counts.map((count, i) => (at - (MINUTES - i) * MINUTE < this.#anomaliesSince ? null : count));
  }

  /** Anomalies that arrived within the minute before the newest frame, and whether these are all. */
  recentAnomalies(): { count: number; areAll: boolean } {
    const since = (this.at ?? 0) - MINUTE;
    return { count: [...this.#anomalies.values()].filter((receivedAt) => receivedAt >= since).length, areAll: this.#anomaliesSince <= since };
  }

  /** Open alerts of one train, worst first. */
  alertsOf(trainId: string): WireAlert[] {
    const rank = (alert: WireAlert) => SEVERITIES.indexOf(alert.severity);
    return newestFirst([...this.alerts.values()].filter((alert) => alert.trainId === trainId)).sort((a, b) => rank(a) - rank(b));
  }

  #takeAlert(alert: WireAlert): boolean {
    const isNew = !this.alerts.has(alert.id);
    if (alert.state === 'cleared') {
      this.alerts.delete(alert.id);
      return false;
    }

    this.alerts.set(alert.id, alert);
    return isNew;
  }

  #move(move: Move): void {
    const train = this.trains.get(move[0]);
    if (train === undefined) {
      return;
    }

    [, train.latitude, train.longitude, train.heading, train.speed, train.km, train.connectivity, train.worstAlert, train.measuredAt, train.receivedAt] = move;
    train.positionAt = move[10] ?? train.measuredAt;
    train.originalMeasuredAt = move[11] ?? null;
    train.isSuspect = move[12] === 1;
  }
}

/** Newest raised first, then by id, so that the order never flickers. */
export function newestFirst(alerts: WireAlert[]): WireAlert[] {
  return alerts.sort((a, b) => b.raisedAt.localeCompare(a.raisedAt) || a.id.localeCompare(b.id));
}

function ofWire(train: WireTrain): TrainOnMap {
  const { position } = train;
  return {
    id: train.id,
    name: readable(train.name, LONGEST_NAME),
    line: readable(train.line, LONGEST_NAME),
    class: readable(train.class, LONGEST_NAME),
    depot: readable(train.depot, LONGEST_NAME),
    connectivity: train.connectivity,
    worstAlert: train.worstAlert,
    latitude: position?.latitude ?? null,
    longitude: position?.longitude ?? null,
    heading: position?.headingDeg ?? null,
    speed: position?.speedKmh ?? null,
    km: position?.km ?? null,
    measuredAt: ms(train.measuredAt ?? position?.measuredAt ?? null),
    receivedAt: ms(train.receivedAt ?? null),
    positionAt: ms(position?.measuredAt ?? null),
    isSuspect: position?.suspect ?? false,
    originalMeasuredAt: ms(train.originalMeasuredAt ?? null),
  };
}

function ms(time: string | null): number | null {
  return time === null ? null : Date.parse(time);
}
