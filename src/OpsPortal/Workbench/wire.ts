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
