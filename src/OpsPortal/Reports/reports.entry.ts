import type { Chart } from '../Charts/chart';
import { ask } from '../Fleet/Train/ask';
import { asOf } from '../Layout/clock';
import { mark, say } from '../Layout/dom';
import { zone } from '../Layout/zone';
import { dayOf, type Period, periodOf } from './period';
import { showFigures, showSections } from './show';
import type { Report } from './wire';

// A month of a large fleet is counted for some seconds.
const PATIENCE = 90_000;
const page = document.getElementById('reports');
if (page !== null) {
  mountReports(page);
}

/** Asks for the report that the address names, and shows it. */
function mountReports(page: HTMLElement): void {
  const part = <T extends HTMLElement>(selector: string) => page.querySelector<T>(selector)!;
  const query = new URLSearchParams(location.search);
  let charts: Chart[] = [];

  async function load(): Promise<void> {
    const period = periodOf(query, Date.now(), zone());
    mark(page, { state: 'loading' });
    part('.problem').hidden = true;
    if (typeof period === 'string') {
      return fail(period, false);
    }

    say(part('.period'), 'Loading the report…');
    days(period);
    const address = addressOf(page.dataset['report']!, query, period);
    try {
      const report = await ask<Report>(address, undefined, PATIENCE);
      part<HTMLAnchorElement>('.csv').href = `${address}&format=csv`;
      await show(report, period);
      mark(page, { state: report.stale === null ? 'ready' : 'stale' });
    } catch (problem) {
      fail((problem as Error).message, true);
    }
  }

  async function show(report: Report, period: Period): Promise<void> {
    say(part('.period'), periodWords(report, period));
    notice('stale', report.stale);
    notice('limited', report.limited);
    choices('line', report.lines);
    choices('class', report.classes);
    if (report.trainName !== null) {
      say(part('[data-train-name]'), report.trainName);
    }

    showFigures(part('.report-figures'), report.figures);
    charts.forEach((chart) => chart.remove());
    charts = await showSections(part('.report-sections'), report);
  }

  // The fields say the days of any period, so that one is changed from where one is.
  function days(period: Period): void {
    for (const [name, at] of [['from', period.from], ['to', period.to - 1]] as const) {
      const field = part<HTMLInputElement>(`input[name='${name}']`);
      field.dataset['shown'] = dayOf(at, zone());
      field.value = field.dataset['shown'];
    }
  }

  // What was shown before stays, with its own "as of"; the trouble stands above it.
  function fail(words: string, canRetry: boolean): void {
    mark(page, { state: 'error' });
    const box = part('.problem');
    box.hidden = false;
    say(box.querySelector('p')!, words);
    box.querySelector('button')!.hidden = !canRetry;
    part('.report-figures').removeAttribute('aria-busy');
    if (charts.length === 0) {
      say(part('.period'), 'There is no report to show.');
    }
  }

  function notice(name: string, words: string | null): void {
    const box = part(`[data-notice='${name}']`);
    box.hidden = words === null;
    say(box, words ?? '');
  }

  function choices(name: string, names: readonly string[]): void {
    const select = part<HTMLSelectElement>(`select[name='${name}']`);
    const chosen = select.dataset['chosen'] ?? '';
    const all = [...new Set(chosen === '' ? names : [...names, chosen])];
    select.replaceChildren(new Option(select.dataset['all']!, ''), ...all.map((one) => new Option(one, one, one === chosen, one === chosen)));
  }

  part('.problem button').addEventListener('click', () => void load());
  part('.print').addEventListener('click', () => print());
  // Empty fields say nothing and need not stand in the address; nor days that nobody chose.
  part<HTMLFormElement>('.report-filter').addEventListener('submit', () => {
    const dates = [...page.querySelectorAll<HTMLInputElement>(".report-filter input[type='date']")];
    const areOwn = query.has('from') || query.has('to') || dates.some((field) => field.value !== field.dataset['shown']);
    for (const field of page.querySelectorAll<HTMLInputElement | HTMLSelectElement>('.report-filter [name]')) {
      field.disabled = field.value === '' || (field.type === 'date' ? !areOwn : field.name === 'period' && areOwn);
    }
  });
  // Coming back with the browser's own button finds the form as it was left.
  addEventListener('pageshow', () => page.querySelectorAll<HTMLInputElement>('.report-filter [name]').forEach((field) => (field.disabled = false)));
  paper();
  void load();
}

/** Paper is white: what is printed is printed in the light theme. */
function paper(): void {
  const root = document.documentElement;
  let before: string | undefined;
  addEventListener('beforeprint', () => {
    before = root.dataset['theme'];
    root.dataset['theme'] = 'light';
  });
  addEventListener('afterprint', () => {
    if (before !== undefined) {
      root.dataset['theme'] = before;
    }
  });
}

function addressOf(name: string, query: URLSearchParams, period: Period): string {
  const asked = new URLSearchParams({ from: new Date(period.from).toISOString(), to: new Date(period.to).toISOString(), zone: zone() });
  for (const filter of ['line', 'class', 'train']) {
    const value = query.get(filter)?.trim().slice(0, 200);
    if (value) {
      asked.set(filter, value);
    }
  }

  return `/api/reports/${name}?${asked}`;
}

function periodWords(report: Report, period: Period): string {
  const now = new Date();
  const day = (at: number) => new Intl.DateTimeFormat('en-GB', { timeZone: zone(), day: 'numeric', month: 'short', year: 'numeric' }).format(at);
  const [first, last] = [day(period.from), day(period.to - 1)];
  return `${first === last ? first : `${first} to ${last}`} · days begin in ${zone().replaceAll('_', ' ')} · as of ${asOf(new Date(report.asOf), now)}`;
}
