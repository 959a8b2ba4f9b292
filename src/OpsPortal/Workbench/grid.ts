import { ask } from '../Fleet/Train/ask';
import { make, mark, say } from '../Layout/dom';
import { readable } from '../Layout/readable';
import type { Sort } from './rowOrder';
import type { Cell, Column, Rows } from './wire';

const HEIGHT = 28;
const PAGE = 200;
const MOST_PAGES = 60;
const SPARE = 6;

export interface Grid {
  /** Shows a result that may still grow; another query's begins at its top. */
  show(query: string, columns: readonly Column[], count: number): void;
  /** Shows these rows in this order instead; null: the result as it came. */
  arrange(arranged: Arranged | null): void;
  hide(): void;
}

export interface Arranged {
  rows: readonly (readonly Cell[])[];
  order: readonly number[];
  sort: Sort | null;
}

/** A table of any number of rows, of which only those in sight exist. Cells are gone through by keys. */
export function mountGrid(frame: HTMLElement, events: { trouble(words: string): void; sortBy(column: number): void }): Grid {
  const head = make('div', 'grid-head');
  const body = make('div', 'grid-body');
  head.setAttribute('role', 'rowgroup');
  body.setAttribute('role', 'rowgroup');
  frame.append(head, body);
  const pages = new Map<number, Cell[][]>();
  const asked = new Set<number>();
  let query = '';
  let columns: readonly Column[] = [];
  let count = 0;
  let arranged: Arranged | null = null;
  let canSort = false;
  let at = { row: 0, column: 0 };
  let isDue = false;

  const due = () => {
    if (!isDue) {
      isDue = true;
      requestAnimationFrame(draw);
    }
  };

  async function fetchPage(page: number): Promise<void> {
    const mine = query;
    asked.add(page);
    try {
      const rows = await ask<Rows>(`/api/queries/${mine}/rows?from=${page * PAGE}&limit=${PAGE}`);
      if (mine === query) {
        pages.delete(page);
        pages.set(page, rows.rows);
        if (pages.size > MOST_PAGES) {
          pages.delete(pages.keys().next().value!);
        }
      }
    } catch (problem) {
      if (mine === query) {
        events.trouble((problem as Error).message);
      }
    } finally {
      if (mine === query) {
        asked.delete(page);
        due();
      }
    }
  }

  function rowAt(number: number): readonly Cell[] | null {
    if (arranged !== null) {
      return arranged.rows[arranged.order[number]!] ?? null;
    }

    const page = Math.floor(number / PAGE);
    const kept = pages.get(page);
    const row = kept?.[number % PAGE];
    // A page taken while the result grew may want its rest.
    if (row === undefined && !asked.has(page)) {
      void fetchPage(page);
    }

    return row ?? null;
  }

  function length(): number {
    return arranged === null ? count : arranged.order.length;
  }

  function tell(): void {
    frame.setAttribute('aria-rowcount', String(length() + 1));
    frame.setAttribute('aria-colcount', String(columns.length));
    mark(frame, { rows: String(length()) });
    due();
  }

  function draw(): void {
    isDue = false;
    const count = length();
    body.style.height = `${count * HEIGHT}px`;
    const first = Math.max(0, Math.floor((frame.scrollTop - HEIGHT) / HEIGHT) - SPARE);
    const last = Math.min(count, Math.ceil((frame.scrollTop + frame.clientHeight) / HEIGHT) + SPARE);
    const rows: HTMLElement[] = [];
    for (let number = first; number < last; number++) {
      rows.push(drawRow(number, rowAt(number)));
    }

    body.replaceChildren(...rows);
    const active = document.getElementById(cellId(at.row, at.column));
    if (active !== null && document.activeElement === frame) {
      frame.setAttribute('aria-activedescendant', active.id);
    } else {
      frame.removeAttribute('aria-activedescendant');
    }
  }

  function drawRow(number: number, cells: readonly Cell[] | null): HTMLElement {
    const row = make('div', number % 2 === 0 ? 'grid-row' : 'grid-row odd');
    row.setAttribute('role', 'row');
    row.setAttribute('aria-rowindex', String(number + 2));
    row.style.transform = `translateY(${number * HEIGHT}px)`;
    columns.forEach((column, i) => {
      const value = cells === null ? null : cells[i] ?? null;
      const cell = make('div', `cell ${isNumber(column) ? 'number' : ''} ${cells !== null && value === null ? 'null' : ''}`, cells === null ? '…' : value === null ? 'null' : shown(value));
      cell.setAttribute('role', 'gridcell');
      cell.id = cellId(number, i);
      cell.title = value === null ? '' : readable(String(value));
      if (number === at.row && i === at.column) {
        cell.dataset['active'] = '';
      }

      cell.addEventListener('mousedown', () => move(number, i));
      row.append(cell);
    });
    return row;
  }

  function drawHead(): void {
    const row = make('div', 'grid-row');
    row.setAttribute('role', 'row');
    row.setAttribute('aria-rowindex', '1');
    const sample = pages.get(0) ?? [];
    const widths = columns.map((column, i) => Math.min(48, Math.max(8, column.name.length + 4, ...sample.slice(0, 60).map((cells) => shown(cells[i] ?? '').length + 4))));
    frame.style.setProperty('--columns', widths.map((width) => `${width}ch`).join(' '));
    frame.style.setProperty('--row-width', `${widths.reduce((sum, width) => sum + width, 0)}ch`);
    columns.forEach((column, i) => {
      const name = readable(column.name, 200);
      const cell = make('div', isNumber(column) ? 'cell number' : 'cell', canSort ? '' : name);
      const sort = arranged?.sort?.column === i ? arranged.sort : null;
      cell.setAttribute('role', 'columnheader');
      cell.setAttribute('aria-sort', sort === null ? 'none' : sort.descending ? 'descending' : 'ascending');
      if (canSort) {
        const button = cell.appendChild(make('button', 'sort', `${name}${sort === null ? '' : sort.descending ? ' ▾' : ' ▴'}`));
        button.type = 'button';
        button.addEventListener('click', () => {
          events.sortBy(i);
          head.querySelectorAll<HTMLElement>('.sort')[i]?.focus();
        });
      }

      cell.title = `${readable(column.name, 200)}, ${column.serverType.toLowerCase()}`;
      row.append(cell);
    });
    head.replaceChildren(row);
  }

  function move(row: number, column: number): void {
    at = { row: Math.min(Math.max(0, row), Math.max(0, length() - 1)), column: Math.min(Math.max(0, column), Math.max(0, columns.length - 1)) };
    // Rows may have come since the last drawing: only what is high enough can be scrolled so far.
    body.style.height = `${length() * HEIGHT}px`;
    const top = at.row * HEIGHT;
    if (top < frame.scrollTop) {
      frame.scrollTop = top;
    } else if (top + 2 * HEIGHT > frame.scrollTop + frame.clientHeight) {
      frame.scrollTop = top + 2 * HEIGHT - frame.clientHeight;
    }

    draw();
    document.getElementById(cellId(at.row, at.column))?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  frame.addEventListener('scroll', due, { passive: true });
  new ResizeObserver(due).observe(frame);
  frame.addEventListener('focus', due);
  frame.addEventListener('keydown', (event) => {
    const page = Math.max(1, Math.floor(frame.clientHeight / HEIGHT) - 2);
    const far = event.ctrlKey || event.metaKey;
    const steps: Record<string, [number, number]> = {
      ArrowUp: [at.row - 1, at.column], ArrowDown: [at.row + 1, at.column], ArrowLeft: [at.row, at.column - 1], ArrowRight: [at.row, at.column + 1],
      PageUp: [at.row - page, at.column], PageDown: [at.row + page, at.column], Home: [far ? 0 : at.row, 0], End: [far ? length() - 1 : at.row, columns.length - 1],
    };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      move(...step);
    } else if (far && event.key === 'c' && getSelection()?.isCollapsed !== false) {
      const value = rowAt(at.row)?.[at.column];
      void navigator.clipboard?.writeText(value === null || value === undefined ? '' : String(value));
    }
  });

  return {
    show(id, newColumns, newCount) {
      if (id !== query) {
        [query, columns, at, arranged, canSort] = [id, newColumns, { row: 0, column: 0 }, null, false];
        pages.clear();
        asked.clear();
        frame.scrollTop = 0;
        drawHead();
        void fetchPage(0).then(() => query === id && drawHead());
      }

      count = newCount;
      frame.hidden = columns.length === 0;
      tell();
    },
    arrange(next) {
      [arranged, canSort] = [next, true];
      at = { row: 0, column: at.column };
      frame.scrollTop = 0;
      drawHead();
      tell();
    },
    hide() {
      query = '';
      [arranged, canSort] = [null, false];
      count = 0;
      frame.hidden = true;
      say(head, '');
      body.replaceChildren();
    },
  };
}

function cellId(row: number, column: number): string {
  return `cell-${row}-${column}`;
}

function isNumber(column: Column): boolean {
  return column.type === 'number' || column.type === 'wholeNumber';
}

// What cannot be seen in a cell of one line is shown by a sign.
function shown(value: Cell): string {
  return readable(String(value).slice(0, 2_000).replaceAll('\n', '⏎').replaceAll('\t', '⇥'), 300);
}
