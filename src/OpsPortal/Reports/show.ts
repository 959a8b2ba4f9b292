import { make } from '../Layout/dom';
import { chartOf } from './pictures';
import type { Figure, Report, ReportChart, ReportRow, ReportTable } from './wire';
import type { Chart, ChartData } from '../Charts/chart';

const OF_TIME = new Set(['byHour', 'byDay', 'byMonth']);

/** The figures of the whole period, each with what it counts and the way to what is behind it. */
export function showFigures(list: HTMLElement, figures: readonly Figure[]): void {
  list.removeAttribute('aria-busy');
  list.replaceChildren(...figures.map((figure) => {
    const box = make('div', 'report-figure');
    box.dataset['figure'] = figure.id;
    box.append(make('dt', '', figure.name), value(figure), make('dd', 'before', beforeWords(figure)), counts(figure));
    return box;
  }));
}

/** Every table with its pictures. Returns the charts, to be taken away before others are shown. */
export async function showSections(place: HTMLElement, report: Report): Promise<Chart[]> {
  const { mountChart } = await import('../Charts/chart');
  const charts: Chart[] = [];
  const drawn: [HTMLElement, ChartData][] = [];
  // Where no figure is known there is no saying that there was nothing.
  const nothing = report.figures.every((figure) => figure.value === null) ? 'Not known for this period.' : 'None in this period.';
  place.replaceChildren(...report.tables.map((table) => {
    const section = make('section', 'card report-section');
    section.dataset['table'] = table.id;
    const title = make('h2', '', table.title);
    title.id = `table-${table.id}`;
    section.setAttribute('aria-labelledby', title.id);
    section.append(title);
    for (const chart of report.charts.filter((one) => one.table === table.id)) {
      const element = make('div', 'report-chart');
      if (chart.horizontal) {
        // A bar takes its room, and no more.
        element.style.height = `${100 + 34 * Math.min(table.rows.length, chart.mostRows ?? table.rows.length)}px`;
      }

      if (hasValues(chart, table)) {
        section.append(make('h3', '', chart.title), element);
        drawn.push([element, chartOf(chart, table)]);
      }
    }

    section.append(table.rows.length === 0 ? make('p', 'empty', nothing) : tableOf(table, title.id));
    if (table.limited !== null) {
      section.append(make('p', 'note', table.limited.replace('format=csv', 'the CSV')));
    }

    return section;
  }));
  for (const [element, data] of drawn) {
    const chart = mountChart(element);
    chart.show(data);
    charts.push(chart);
  }

  return charts;
}

function value(figure: Figure): HTMLElement {
  const cell = make('dd', 'value');
  cell.append(leading(figure.text, figure.alerts, `${figure.name}: ${figure.text}; show these alerts`));
  return cell;
}

// Nothing is behind a zero or a dash.
function leading(text: string, alerts: string | null, label: string): HTMLElement | Text {
  if (alerts === null || text === '–' || text === '0') {
    return document.createTextNode(text);
  }

  const link = make('a', '', text);
  link.href = alerts;
  link.setAttribute('aria-label', label);
  return link;
}

function beforeWords(figure: Figure): string {
  return figure.beforeText === null ? '' : `before: ${figure.beforeText}`;
}

function counts(figure: Figure): HTMLElement {
  const about = make('dd', 'counts');
  const details = make('details');
  const summary = make('summary', '', 'What is this?');
  summary.setAttribute('aria-label', `What is this? ${figure.name}`);
  details.append(summary, make('p', '', figure.counts));
  about.append(details);
  return about;
}

function tableOf(table: ReportTable, labelledBy: string): HTMLElement {
  const frame = make('div', 'scroll');
  frame.tabIndex = 0;
  frame.setAttribute('role', 'region');
  frame.setAttribute('aria-labelledby', labelledBy);
  const element = frame.appendChild(make('table'));
  const head = element.createTHead().insertRow();
  head.append(heading(table.rowName, 'col'), ...table.columns.map((column) => {
    const cell = heading(column.name, 'col', 'number');
    cell.title = column.counts;
    return cell;
  }));
  // A picture goes from left to right; who reads rows asks for the newest first.
  const rows = OF_TIME.has(table.id) ? [...table.rows].reverse() : table.rows;
  element.createTBody().append(...rows.map((row) => rowOf(row, table)));
  return frame;
}

function rowOf(row: ReportRow, table: ReportTable): HTMLElement {
  const element = make('tr');
  const name = heading(row.train === null ? row.name : '', 'row');
  if (row.train !== null) {
    const link = make('a', '', row.name);
    link.href = `/trains/${encodeURIComponent(row.train)}`;
    name.append(link);
  }

  element.append(name, ...row.cells.map((cell, i) => {
    const shown = make('td', 'number');
    shown.append(leading(cell.text, cell.alerts, `${row.name}, ${table.columns[i]!.name}: ${cell.text}; show these alerts`));
    return shown;
  }));
  return element;
}

function heading(text: string, scope: string, className = ''): HTMLTableCellElement {
  const cell = make('th', className, text);
  cell.scope = scope;
  return cell;
}

function hasValues(chart: ReportChart, table: ReportTable): boolean {
  const columns = chart.columns.map((id) => table.columns.findIndex((column) => column.id === id));
  return table.rows.some((row) => columns.some((column) => row.cells[column]?.value !== null && row.cells[column]?.value !== undefined));
}
