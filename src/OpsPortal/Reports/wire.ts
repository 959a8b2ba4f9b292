/** What /api/reports/{name} answers. */
export interface Report {
  name: string;
  title: string;
  about: string;
  from: string;
  to: string;
  zone: string;
  trainName: string | null;
  asOf: string;
  limited: string | null;
  stale: string | null;
  figures: readonly Figure[];
  charts: readonly ReportChart[];
  tables: readonly ReportTable[];
  lines: readonly string[];
  classes: readonly string[];
}

export type Unit = 'count' | 'percent' | 'seconds';

export interface Figure {
  id: string;
  name: string;
  counts: string;
  unit: Unit;
  value: number | null;
  text: string;
  before: number | null;
  beforeText: string | null;
  alerts: string | null;
}

export interface ReportChart {
  kind: 'line' | 'bar';
  title: string;
  table: string;
  columns: readonly string[];
  stacked: boolean;
  horizontal: boolean;
  mostRows: number | null;
}

export interface ReportTable {
  id: string;
  title: string;
  rowName: string;
  columns: readonly { id: string; name: string; counts: string; unit: Unit }[];
  rows: readonly ReportRow[];
  limited: string | null;
}

export interface ReportRow {
  name: string;
  train: string | null;
  cells: readonly { value: number | null; text: string; alerts: string | null }[];
}
