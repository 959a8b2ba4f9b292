import type { ChartData } from '../Charts/options';
import type { ReportChart, ReportTable, Unit } from './wire';

// What a figure means everywhere in the product, it means in a picture.
const MEANING: Record<string, string> = { criticalRaised: 'critical', warningRaised: 'warning', watchRaised: 'watch', availability: 'accent', punctuality: 'watch' };
const LONGEST_NAME = 28;

/** A report's picture as plain data: the columns asked for, row by row. */
export function chartOf(chart: ReportChart, table: ReportTable): ChartData {
  const rows = table.rows.slice(0, chart.mostRows ?? table.rows.length);
  const columns = chart.columns.map((id) => table.columns.findIndex((column) => column.id === id)).filter((index) => index >= 0);
  const unit = table.columns[columns[0] ?? 0]!.unit;
  const scale = scaleOf(unit, rows.flatMap((row) => columns.map((column) => row.cells[column]!.value)));
  return {
    kind: chart.kind,
    label: `${chart.title}. The table below holds every value.`,
    categories: rows.map((row) => (row.name.length > LONGEST_NAME ? `${row.name.slice(0, LONGEST_NAME - 1)}…` : row.name)),
    yName: scale.name,
    stacked: chart.stacked,
    horizontal: chart.horizontal,
    ...(unit === 'percent' ? { yMax: 100 } : {}),
    series: columns.map((column) => {
      const { id, name } = table.columns[column]!;
      const colour = MEANING[id];
      return { name, ...(colour === undefined ? {} : { colour }), values: rows.map((row) => scaled(row.cells[column]!.value, scale.per)) };
    }),
  };
}

/** Seconds are drawn in what is readable at their size. */
function scaleOf(unit: Unit, values: readonly (number | null)[]): { name: string; per: number } {
  if (unit !== 'seconds') {
    return { name: unit === 'percent' ? '%' : 'alerts', per: 1 };
  }

  const most = Math.max(0, ...values.filter((value) => value !== null));
  return most >= 2 * 86_400 ? { name: 'days', per: 86_400 } : most >= 2 * 3_600 ? { name: 'hours', per: 3_600 } : most >= 120 ? { name: 'minutes', per: 60 } : { name: 'seconds', per: 1 };
}

function scaled(value: number | null, per: number): number | null {
  return value === null ? null : Math.round((value / per) * 100) / 100;
}
