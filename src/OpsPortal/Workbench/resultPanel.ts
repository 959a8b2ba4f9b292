import { mark, say } from '../Layout/dom';
import { makeAllRows } from './allRows';
import { guessChart } from './chartData';
import { mountChartPanel } from './chartPanel';
import { mountGrid } from './grid';
import { mountFiles } from './Unload/filesPanel';
import { nextSort, orderOf, type Wanted } from './rowOrder';
import { hasEnded, type Cell, type Query, type SavedChart } from './wire';

export interface ResultPanel {
  /** Shows a query's rows as they come, and what can be done with them. */
  show(query: Query, chart: SavedChart | null): void;
  hide(): void;
}

const NOTHING: Wanted = { sort: null, filter: '', filterColumn: null };

/** The rows of a result: counted, downloaded, sorted, filtered, drawn. */
export function mountResult(page: HTMLElement, events: { trouble(words: string): void; charted(chart: SavedChart | null): void }): ResultPanel {
  const part = <T extends HTMLElement>(selector: string) => page.querySelector<T>(selector)!;
  const [tools, filter, filterColumn, toggle] = [part('.result-tools'), part<HTMLInputElement>('.filter'), part<HTMLSelectElement>('.filter-column'), part<HTMLButtonElement>('.show-chart')];
  const all = makeAllRows();
  const files = mountFiles(page.querySelector('.files-panel'), page.dataset['mayOverride'] === 'true');
  let shown: Query | null = null;
  let wanted = NOTHING;
  let chart: SavedChart | null = null;
  let turn = 0;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const grid = mountGrid(part('.grid'), {
    trouble: events.trouble,
    sortBy(column) {
      wanted = { ...wanted, sort: nextSort(wanted.sort, column) };
      void arrange();
    },
  });
  const charts = mountChartPanel(part('.chart-panel'), (next) => {
    chart = next;
    events.charted(next);
    void draw();
  });

  const load = (query: Query): Promise<Cell[][]> =>
    all.load(query.id, query.rows, (loaded) => loaded < query.rows && say(part('.arranged'), `Loading: ${loaded.toLocaleString('en')} of ${query.rows.toLocaleString('en')} rows…`));

  async function arrange(): Promise<void> {
    const [query, mine] = [shown!, ++turn];
    const isPlain = wanted.sort === null && wanted.filter.trim() === '';
    try {
      const rows = isPlain ? null : await load(query);
      if (mine !== turn || query !== shown) {
        return;
      }

      const order = rows === null ? null : orderOf(rows, query.columns!, wanted);
      grid.arrange(rows === null || order === null ? null : { rows, order, sort: wanted.sort });
      say(part('.arranged'), order === null ? '' : words(query, order.length));
      mark(tools, { arranged: order === null ? null : String(order.length) });
    } catch (trouble) {
      if (mine === turn) {
        events.trouble((trouble as Error).message);
      }
    }
  }

  // Sorted and filtered is what is here: with more in the warehouse, its first rows are not the whole's first.
  function words(query: Query, found: number): string {
    const of = query.cut === null && query.state === 'succeeded' ? '' : ` of the ${query.rows.toLocaleString('en')} that are loaded, not of the whole result`;
    const sorted = wanted.sort === null ? '' : `Sorted by ${query.columns![wanted.sort.column]!.name}${of === '' ? '' : of}. `;
    return `${sorted}${wanted.filter.trim() === '' ? '' : `${found.toLocaleString('en')} rows hold “${wanted.filter.trim()}”${of}.`}`.trim();
  }

  async function draw(): Promise<void> {
    toggle.setAttribute('aria-pressed', String(chart !== null));
    const query = shown;
    if (chart === null || query?.columns === null || query === null || !hasEnded(query.state) || query.rows === 0) {
      return charts.hide();
    }

    try {
      const rows = await load(query);
      if (query === shown && chart !== null) {
        say(part('.chart-limit'), query.cut === null ? '' : `Drawn from the ${rows.length.toLocaleString('en')} rows that are loaded, not from the whole result.`);
        charts.show(query.columns, rows, chart);
      }
    } catch (trouble) {
      events.trouble((trouble as Error).message);
    }
  }

  function ended(query: Query): void {
    tools.hidden = query.rows === 0;
    filterColumn.replaceChildren(new Option('any column', ''), ...query.columns!.map((column, i) => new Option(column.name, String(i))));
    toggle.disabled = guessChart(query.columns!) === null;
    toggle.title = toggle.disabled ? 'No column holds numbers.' : '';
    grid.arrange(null);
    void draw();
  }

  filter.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      wanted = { ...wanted, filter: filter.value };
      void arrange();
    }, 150);
  });
  filterColumn.addEventListener('change', () => {
    wanted = { ...wanted, filterColumn: filterColumn.value === '' ? null : Number(filterColumn.value) };
    void arrange();
  });
  toggle.addEventListener('click', () => {
    chart = chart === null && shown?.columns != null ? guessChart(shown.columns) : null;
    events.charted(chart);
    void draw();
  });
  return {
    show(query, itsChart) {
      const isNew = shown?.id !== query.id;
      const hadEnded = !isNew && shown !== null && hasEnded(shown.state);
      if (isNew) {
        [wanted, filter.value] = [NOTHING, ''];
        say(part('.arranged'), '');
        tools.hidden = true;
        charts.hide();
        files.hide();
      }

      files.show(query);

      shown = query;
      chart = itsChart;
      part('.result-head').hidden = query.columns === null;
      if (query.columns !== null) {
        grid.show(query.id, query.columns, query.rows);
      }

      counts(query);
      if (hasEnded(query.state) && !hadEnded && query.columns !== null) {
        ended(query);
      }
    },
    hide() {
      turn++;
      shown = null;
      all.forget();
      grid.hide();
      charts.hide();
      files.hide();
      tools.hidden = true;
      part('.result-head').hidden = true;
    },
  };

  function counts(query: Query): void {
    const line = part('.counts');
    const rest = query.state === 'failed' || query.state === 'cancelled' ? ' came before the end; they are a part.' : query.rows === 0 && query.state === 'succeeded' ? ' fit this query.' : '';
    line.replaceChildren(document.createTextNode(`${count(query.rows)}${rest}`));
    if (query.cut !== null) {
      line.append(' ', Object.assign(document.createElement('span'), { className: 'cut', textContent: query.cut }));
    }

    for (const [name, format] of [['.csv', 'csv'], ['.ndjson', 'ndjson']] as const) {
      const link = part<HTMLAnchorElement>(`.downloads ${name}`);
      if (query.state === 'succeeded') {
        link.href = `/api/queries/${query.id}/rows?format=${format}`;
        link.removeAttribute('aria-disabled');
      } else {
        link.removeAttribute('href');
        link.setAttribute('aria-disabled', 'true');
      }

      link.title = query.cut === null ? '' : `Asks again; at most ${query.downloadRows.toLocaleString('en')} rows`;
    }
  }
}

/** A number of rows in words. */
export function count(rows: number): string {
  return rows === 0 ? 'No rows' : rows === 1 ? '1 row' : `${rows.toLocaleString('en')} rows`;
}
