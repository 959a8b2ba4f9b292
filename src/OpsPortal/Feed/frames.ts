// The feed's frames as they come over the wire, version 1. Described in the Feed room's README.

export type Connectivity = 'online' | 'stale' | 'offline' | 'unknown';
export type Severity = 'critical' | 'warning' | 'watch';

export interface WirePosition {
  latitude: number;
  longitude: number;
  headingDeg: number | null;
  speedKmh: number | null;
  km: number | null;
  measuredAt: string;
  suspect?: boolean;
}

export interface WireTrain {
  id: string;
  name: string;
  class: string;
  depot: string;
  line: string;
  connectivity: Connectivity;
  position: WirePosition | null;
  worstAlert: Severity | null;
  asOf: string | null;
  measuredAt: string | null;
  receivedAt: string | null;
  originalMeasuredAt: string | null;
}

/** One sensor's part in an alert, the largest first. */
export interface WireShare {
  sensor: string;
  words: string;
  share: number | null;
  direction: string;
  observed: number | null;
  expected: number | null;
  unit: string;
}

export interface WireAlert {
  id: string;
  trainId: string;
  subsystem: string;
  severity: Severity;
  state: string;
  raisedAt: string;
  lastAnomalyAt: string;
  count: number;
  explanation: string;
  shares: WireShare[];
  acknowledgement: { by: string; at: string; note: string } | null;
  delivery: { stage: 'clicked' | 'desired' | 'online' | 'reported' } | null;
}

export interface WireAnomaly {
  id: string;
  trainId: string;
  measuredAt: string;
  receivedAt: string;
}

/** [id, latitude, longitude, heading, speed, km, connectivity, worst alert, measured at (ms), received at (ms), position at (ms) if it is older, original measured at (ms) of a recording, 1 if the position is suspect] */
export type Move = [
  string, number | null, number | null, number | null, number | null, number | null,
  Connectivity, Severity | null, number | null, number | null, (number | null)?, (number | null)?, number?,
];

export interface Frame {
  version: number;
  number: number;
  at: string;
  store: { asOf: string | null; problem: string | null };
  trains?: WireTrain[];
  moves?: Move[];
  alerts?: WireAlert[];
  anomalies?: WireAnomaly[];
}

export const VERSION = 1;
