// What the HTTP API answers, as far as this page reads it. Described at /openapi/v1.json.
import type { Connectivity, Severity, WirePosition } from '../../Feed/frames';

export interface Sensor {
  id: string;
  kind: string;
  subsystem: string;
  words: string;
  unit: string;
  decimals: number;
  value: number | null;
  measuredAt: string;
}

export interface Share {
  sensor: string;
  words: string;
  share: number | null;
  direction: 'high' | 'low';
  observed: number | null;
  expected: number | null;
  unit: string;
}

export interface Alert {
  id: string;
  subsystem: string;
  severity: Severity;
  state: string;
  raisedAt: string;
  lastAnomalyAt: string;
  clearedAt: string | null;
  count: number;
  late: boolean;
  explanation: string;
  shares: Share[];
  acknowledgement: { by: string; at: string; note: string } | null;
  delivery: { stage: 'clicked' | 'desired' | 'online' | 'reported'; reportedAt: string | null; problem: string | null } | null;
}

export interface TrainDetail {
  id: string;
  name: string;
  class: string;
  depot: string;
  line: string;
  connectivity: Connectivity;
  position: (WirePosition & { line: string | null }) | null;
  worstAlert: Severity | null;
  measuredAt: string | null;
  receivedAt: string | null;
  offlineSince: string | null;
  /** Of a recording: when it was measured in truth. */
  originalMeasuredAt?: string | null;
  asOf: string | null;
  cars: number | null;
  staleAfterSeconds: number;
  sensors: Sensor[];
  openAlerts: Alert[];
}

export type WirePoint = [string, number | null, number | null, number | null];

export interface WireSpan {
  from: string;
  to: string;
  kind: 'arrivedLate' | 'noData';
}

export interface Readings {
  sensor: string;
  from: string;
  to: string;
  resolutionSeconds: number;
  points: WirePoint[];
  late: number[];
  spans: WireSpan[];
  keptForSeconds: number;
  asOf: string;
  limited: string | null;
}

export interface Anomaly {
  id: string;
  subsystem: string;
  measuredAt: string;
  receivedAt: string;
  keptAt: string | null;
  late: boolean;
  grade: number | null;
  score: number | null;
  shares: Share[];
  position: (WirePosition & { line: string | null }) | null;
}

export interface List<T> {
  items: T[];
  next: string | null;
  asOf: string | null;
  limited: string | null;
}

export interface Shadow {
  desired: Tree;
  reported: Tree;
  delta: Tree;
  version: number;
  writtenAt: string | null;
  asOf: string;
}

export interface Tree {
  [key: string]: unknown;
}
