import { asOf } from '../Layout/clock';
import { make, say } from '../Layout/dom';
import type { Past, Schema, SavedQuery, Starter, Table } from './wire';

/** The tables with their columns; a press puts a name into the query. */
export function showTables(list: HTMLElement, schema: Schema, insert: (text: string) => void, open: (sql: string, title: string) => void): void {
  list.removeAttribute('aria-busy');
  list.replaceChildren(...schema.tables.map((table) => {
    const item = make('li');
    const details = make('details');
    const columns = make('ul', 'columns');
    columns.append(...table.columns.map((column) => {
      const line = make('li');
      const button = make('button', 'quiet');
      button.type = 'button';
      button.append(make('span', 'column-name', column.name), make('span', 'column-type', column.serverType.toLowerCase()));
      button.addEventListener('click', () => insert(column.name));
      line.append(button);
      return line;
    }));
    const sample = make('button', 'quiet sample', 'Show 100 rows');
    sample.type = 'button';
    sample.addEventListener('click', () => open(`SELECT *\nFROM ${table.name}\nLIMIT 100`, table.name));
    details.append(make('summary', '', table.rows === null ? table.name : `${table.name} · ${rowsInShort(table.rows)}`), make('p', 'layout', layoutOf(table)), sample, columns);
    item.append(details);
    return item;
  }));
}

/** Queries to begin with. */
export function showStarters(list: HTMLElement, starters: readonly Starter[], open: (starter: Starter) => void): void {
  list.replaceChildren(...starters.map((starter) => {
    const item = make('li');
    const button = make('button', 'quiet starter');
    button.type = 'button';
    button.dataset['starter'] = starter.id;
    button.append(make('span', 'title', starter.title), make('span', 'about', starter.about));
    button.addEventListener('click', () => open(starter));
    item.append(button);
    return item;
  }));
}

/** Queries that are kept: one's own, and those that colleagues share. */
export function showSaved(list: HTMLElement, saved: readonly SavedQuery[], limited: string | null, open: (saved: SavedQuery) => void): void {
  list.replaceChildren(...saved.map((one) => {
    const item = make('li');
    const button = make('button', 'quiet saved');
    button.type = 'button';
    button.dataset['saved'] = one.id;
    const whose = one.own ? (one.shared ? 'shared' : 'only yours') : `shared by ${one.owner}`;
    button.append(make('span', 'title', one.name), make('span', 'about', `${whose} · version ${one.latest.version}, ${asOf(new Date(one.latest.at), new Date())}`));
    button.addEventListener('click', () => open(one));
    item.append(button);
    return item;
  }));
  if (saved.length === 0) {
    list.append(make('li', 'nothing', 'Nothing has been saved or shared yet. “Save” keeps the query in front.'));
  } else if (limited !== null) {
    list.append(make('li', 'nothing', limited));
  }
}

/** What this user has run, on any browser, newest first. */
export function showHistory(list: HTMLElement, past: readonly Past[], limited: string | null, open: (past: Past) => void): void {
  list.replaceChildren(...past.map((one) => {
    const item = make('li');
    const button = make('button', 'quiet past');
    button.type = 'button';
    button.dataset['state'] = one.state;
    button.title = one.problem ?? '';
    button.append(
      make('span', 'about', `${asOf(new Date(one.askedAt), new Date())} · ${one.state} · ${duration(one.seconds)} · ${one.rows.toLocaleString('en')} rows`),
      make('code', '', one.sql.replace(/\s+/g, ' ').trim().slice(0, 120)));
    button.addEventListener('click', () => open(one));
    item.append(button);
    return item;
  }));
  if (past.length === 0) {
    list.append(make('li', 'nothing', 'Nothing has been run yet.'));
  } else if (limited !== null) {
    list.append(make('li', 'nothing', limited));
  }
}

/** A list that could not be had. */
export function showTrouble(list: HTMLElement, words: string): void {
  list.removeAttribute('aria-busy');
  const item = make('li', 'nothing');
  say(item, words);
  list.replaceChildren(item);
}

/** So long, in words. */
export function duration(seconds: number): string {
  return seconds < 1 ? `${Math.round(seconds * 1000)} ms` : seconds < 120 ? `${seconds.toFixed(1)} s` : `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

function rowsInShort(rows: number): string {
  return rows < 10_000 ? `${rows.toLocaleString('en')} rows` : `${new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 }).format(rows)} rows`;
}

function layoutOf(table: Table): string {
  return table.layoutAbsent ?? `Distribution ${table.distribution ?? 'not known'}; sorted by ${table.sortKey ?? 'nothing'}`;
}
