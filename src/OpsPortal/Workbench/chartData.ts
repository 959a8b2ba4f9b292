import type { ChartData, ChartSeries } from '../Charts/chart';
import type { Cell, Column, SavedChart } from './wire';

const MOST_SERIES = 12;
const MOST_NAMES = 1_000;
const MOST_POINTS = 50_000;

/** A chart of a result, and what of the result it does not show. */
export interface Drawn {
  data: ChartData;
  notes: string[];
}

export interface Position {
  longitude: number;
  latitude: number;
  name: string;
}

/** A first choice for a result: what is most likely meant. Null when no column holds numbers. */
export function guessChart(columns: readonly Column[]): SavedChart | null {
  const named = (pattern: RegExp) => columns.find((column) => isNumber(column) && pattern.test(column.name))?.name;
  const [longitude, latitude] = [named(/^lon(gitude)?$/i), named(/^lat(itude)?$/i)];
  if (longitude !== undefined && latitude !== undefined) {
    return { kind: 'map', x: longitude, y: [latitude], by: null };
  }

  const time = columns.find((column) => column.type === 'time');
  const words = columns.find((column) => column.type === 'text');
  const numbers = columns.filter((column) => isNumber(column) && column !== time);
  if (numbers.length === 0) {
    return null;
  }

  return time !== undefined
    ? { kind: 'line', x: time.name, y: [numbers.at(-1)!.name], by: words?.name ?? null }
    : words !== undefined ? { kind: 'bar', x: words.name, y: [numbers[0]!.name], by: null }
    : { kind: numbers.length > 1 ? 'scatter' : 'bar', x: numbers[0]!.name, y: [(numbers[1] ?? numbers[0]!).name], by: null };
}

/** Why a chart cannot be drawn of these columns; null when it can. */
export function wrongWith(chart: SavedChart, columns: readonly Column[]): string | null {
  const find = (name: string) => columns.find((column) => column.name === name);
  const missing = [chart.x, ...chart.y, ...(chart.by === null ? [] : [chart.by])].find((name) => find(name) === undefined);
  if (missing !== undefined) {
    return `The result has no column ${missing}. Choose another.`;
  }

  const notNumber = chart.y.find((name) => !isNumber(find(name)!));
  if (notNumber !== undefined || chart.y.length === 0) {
    return chart.y.length === 0 ? 'Choose at least one column of numbers to draw.' : `${notNumber} holds no numbers. Choose another column to draw.`;
  }

  const x = find(chart.x)!;
  return (chart.kind === 'map' && !isNumber(x)) || (chart.kind === 'scatter' && !isNumber(x) && x.type !== 'time') ? `${chart.x} holds no numbers. Choose another column to draw along.` : null;
}

/** Lines, bars or dots of the rows. What is too much is left out and said. */
export function drawChart(rows: readonly (readonly Cell[])[], columns: readonly Column[], chart: SavedChart): Drawn {
  const at = (name: string) => columns.findIndex((column) => column.name === name);
  const [x, by] = [at(chart.x), chart.by === null ? -1 : at(chart.by)];
  const notes: string[] = [];
  const isAlongNames = chart.kind === 'bar' || !(isNumber(columns[x]!) || columns[x]!.type === 'time');
  const groups = groupRows(rows, by, notes);
  const names = isAlongNames ? namesOf(rows, x, notes) : null;
  const series = [...groups].flatMap(([group, members]) => chart.y.map((column): ChartSeries => {
    const name = by < 0 ? column : chart.y.length === 1 ? group : `${group} · ${column}`;
    return names === null ? { name, points: pointsOf(members, x, at(column), columns[x]!.type === 'time') } : { name, values: valuesOf(members, x, at(column), names, notes) };
  }));
  thin(series, notes);
  return {
    data: {
      kind: chart.kind === 'map' ? 'scatter' : chart.kind,
      label: `${chart.y.join(', ')} by ${chart.x}${chart.by === null ? '' : ` and ${chart.by}`}; the table below has the same values.`,
      categories: names === null ? null : [...names.keys()],
      ...(names === null ? { xType: columns[x]!.type === 'time' ? 'time' as const : 'number' as const } : {}),
      xName: chart.x,
      ...(chart.y.length === 1 ? { yName: chart.y[0]! } : {}),
      series,
    },
    notes: [...new Set(notes)],
  };
}

/** Rows as places on a map; rows without one are said. */
export function positionsOf(rows: readonly (readonly Cell[])[], columns: readonly Column[], chart: SavedChart): { positions: Position[]; notes: string[] } {
  const at = (name: string | null | undefined) => columns.findIndex((column) => column.name === name);
  const [x, y, by] = [at(chart.x), at(chart.y[0]), at(chart.by)];
  const all = rows.map((row) => ({ longitude: numberOf(row[x]), latitude: numberOf(row[y]), name: by < 0 ? '' : String(row[by] ?? '') }));
  const positions = all.filter((one): one is Position => one.longitude !== null && one.latitude !== null && Math.abs(one.longitude) <= 180 && Math.abs(one.latitude) <= 85);
  const [without, left] = [all.length - positions.length, positions.length - MOST_POINTS];
  return {
    positions: positions.slice(0, MOST_POINTS),
    notes: [
      ...(without > 0 ? [`${without.toLocaleString('en')} rows have no place on a map.`] : []),
      ...(left > 0 ? [`The first ${MOST_POINTS.toLocaleString('en')} places are drawn; ${left.toLocaleString('en')} are not.`] : []),
    ],
  };
}

/** A time of the warehouse's, in milliseconds since 1970; null when it is none. */
export function timeOf(text: string): number | null {
  const at = Date.parse(`${text.trim().replace(' ', 'T')}${/[zZ]|[+-]\d\d(:?\d\d)?$/.test(text.slice(10)) || text.trim().length <= 10 ? '' : 'Z'}`);
  return Number.isNaN(at) ? null : at;
}

function isNumber(column: Column): boolean {
  return column.type === 'number' || column.type === 'wholeNumber';
}

function numberOf(cell: Cell | undefined): number | null {
  const value = cell === null || cell === undefined || cell === '' ? Number.NaN : Number(cell);
  return Number.isFinite(value) ? value : null;
}

function groupRows(rows: readonly (readonly Cell[])[], by: number, notes: string[]): Map<string, (readonly Cell[])[]> {
  const groups = new Map<string, (readonly Cell[])[]>();
  for (const row of rows) {
    const name = by < 0 ? '' : String(row[by] ?? 'null');
    const members = groups.get(name);
    if (members === undefined) {
      groups.set(name, [row]);
    } else {
      members.push(row);
    }
  }

  if (groups.size > MOST_SERIES) {
    notes.push(`The first ${MOST_SERIES} of ${groups.size.toLocaleString('en')} are drawn: more cannot be told apart.`);
    return new Map([...groups].slice(0, MOST_SERIES));
  }

  return groups;
}

function namesOf(rows: readonly (readonly Cell[])[], x: number, notes: string[]): Map<string, number> {
  const all = [...new Set(rows.map((row) => String(row[x] ?? 'null')))];
  if (all.length > MOST_NAMES) {
    notes.push(`The first ${MOST_NAMES.toLocaleString('en')} of ${all.length.toLocaleString('en')} names are drawn.`);
  }

  return new Map(all.slice(0, MOST_NAMES).map((name, i) => [name, i]));
}

function valuesOf(rows: readonly (readonly Cell[])[], x: number, y: number, names: ReadonlyMap<string, number>, notes: string[]): (number | null)[] {
  const values = new Array<number | null>(names.size).fill(null);
  const taken = new Set<number>();
  for (const row of rows) {
    const place = names.get(String(row[x] ?? 'null'));
    if (place !== undefined) {
      if (taken.has(place)) {
        notes.push('Several rows have the same name: the last of each is drawn. Sum them up in the query, or give each a line of its own.');
      }

      taken.add(place);
      values[place] = numberOf(row[y]);
    }
  }

  return values;
}

function pointsOf(rows: readonly (readonly Cell[])[], x: number, y: number, isTime: boolean): (readonly [number, number | null])[] {
  return rows
    .map((row) => [isTime ? timeOf(String(row[x] ?? '')) : numberOf(row[x]), numberOf(row[y])] as const)
    .filter((point): point is readonly [number, number | null] => point[0] !== null)
    .sort((a, b) => a[0] - b[0]);
}

function thin(series: ChartSeries[], notes: string[]): void {
  const most = Math.floor(MOST_POINTS / Math.max(1, series.length));
  series.forEach((one) => {
    if (one.points !== undefined && one.points.length > most) {
      notes.push(`The first ${most.toLocaleString('en')} points of each are drawn.`);
      one.points = one.points.slice(0, most);
    }
  });
}
