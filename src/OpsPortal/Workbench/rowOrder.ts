import type { Cell, Column } from './wire';

export interface Sort {
  column: number;
  descending: boolean;
}

export interface Wanted {
  sort: Sort | null;
  /** A part of a value; empty for all. */
  filter: string;
  /** The column it is looked for in; null for any. */
  filterColumn: number | null;
}

const WORDS = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** Numbers of the rows that are wanted, in the order wanted. Nulls come last either way; equals stay as they came. */
export function orderOf(rows: readonly (readonly Cell[])[], columns: readonly Column[], { sort, filter, filterColumn }: Wanted): number[] {
  const needle = filter.trim().toLocaleLowerCase('en');
  const holds = (cell: Cell | undefined) => cell !== null && cell !== undefined && String(cell).toLocaleLowerCase('en').includes(needle);
  const order: number[] = [];
  rows.forEach((row, i) => {
    if (needle === '' || (filterColumn === null ? row.some(holds) : holds(row[filterColumn]))) {
      order.push(i);
    }
  });
  if (sort === null) {
    return order;
  }

  const type = columns[sort.column]?.type;
  const compare = type === 'number' || type === 'wholeNumber' ? byNumber : type === 'time' ? byText : byWords;
  return order.sort((a, b) => {
    const [one, other] = [rows[a]![sort.column] ?? null, rows[b]![sort.column] ?? null];
    if (one === null || other === null) {
      return one === other ? a - b : one === null ? 1 : -1;
    }

    return (sort.descending ? -compare(one, other) : compare(one, other)) || a - b;
  });
}

/** The next order of a column: up, down, as it came. */
export function nextSort(sort: Sort | null, column: number): Sort | null {
  return sort?.column !== column ? { column, descending: false } : sort.descending ? null : { column, descending: true };
}

// Long numbers come as texts; those that are whole are told apart to their last digit.
function byNumber(one: Exclude<Cell, null>, other: Exclude<Cell, null>): number {
  const difference = Number(one) - Number(other);
  if (difference !== 0 || !/^-?\d{16,}$/.test(String(one)) || !/^-?\d{16,}$/.test(String(other))) {
    return Number.isNaN(difference) ? byWords(one, other) : difference;
  }

  const [left, right] = [BigInt(one), BigInt(other)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function byText(one: Exclude<Cell, null>, other: Exclude<Cell, null>): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function byWords(one: Exclude<Cell, null>, other: Exclude<Cell, null>): number {
  return WORDS.compare(String(one), String(other));
}
