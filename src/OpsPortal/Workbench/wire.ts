/** What the API says of queries. */
export interface Column {
  name: string;
  type: 'text' | 'wholeNumber' | 'number' | 'boolean' | 'time';
  serverType: string;
}

export type State = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled';

export interface Query {
  id: string;
  state: State;
  sql: string;
  askedAt: string;
  seconds: number;
  rows: number;
  cut: string | null;
  downloadRows: number;
  columns: Column[] | null;
  error: { reason: string; position: number | null } | null;
  statementId: string | null;
  keptUntil: string | null;
  /** Whether all rows are written as files, or are on their way there. */
  files: boolean;
}

/** All rows of a query as files of the warehouse's. */
export interface Files {
  state: State;
  seconds: number;
  rows: number | null;
  files: { name: string; key: string; bytes: number | null; rows: number | null; link: string }[];
  error: string | null;
  removedAt: string;
}

export type Cell = string | number | boolean | null;

export interface Rows {
  columns: Column[];
  rows: Cell[][];
  from: number;
  count: number;
}

export interface Table {
  name: string;
  columns: Column[];
  rows: number | null;
  distribution: string | null;
  sortKey: string | null;
  layoutAbsent: string | null;
}

export interface Schema {
  dialect: 'sqlite' | 'redshift';
  tables: Table[];
}

export interface Starter {
  id: string;
  title: string;
  about: string;
  sql: string;
  parameters: { name: string; type: ParameterType; example: string }[];
}

export type ParameterType = 'text' | 'number' | 'boolean' | 'time' | 'null';

/** A parameter's value as typed. */
export interface Typed {
  type: ParameterType;
  value: string;
}

export function hasEnded(state: State): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled';
}

export interface SavedChart {
  kind: 'line' | 'bar' | 'scatter' | 'map';
  x: string;
  y: string[];
  by: string | null;
}

export interface SavedVersion {
  version: number;
  sql: string;
  values: Record<string, Typed>;
  chart: SavedChart | null;
  at: string;
  by: string;
}

export interface SavedQuery {
  id: string;
  name: string;
  owner: string;
  own: boolean;
  shared: boolean;
  revision: number;
  latest: SavedVersion;
}

export interface Estimate {
  words: string[];
  plan: string[];
  rows: number | null;
  bytes: number | null;
  unknown: string | null;
  over: boolean;
  limit: number | null;
}

/** A run that has ended, as the portal remembers it. */
export interface Past {
  id: string;
  askedAt: string;
  sql: string;
  values: Record<string, Typed>;
  state: State;
  seconds: number;
  rows: number;
  problem: string | null;
}
