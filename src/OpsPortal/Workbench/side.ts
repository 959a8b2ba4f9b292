import { asOf } from '../Layout/clock';
import { make, say } from '../Layout/dom';
import type { Past } from './tabStore';
import type { Schema, Starter } from './wire';

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
    details.append(make('summary', '', table.name), sample, columns);
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

/** What was run in this browser, newest first. */
export function showHistory(list: HTMLElement, past: readonly Past[], open: (past: Past) => void): void {
  list.replaceChildren(...past.map((one) => {
    const item = make('li');
    const button = make('button', 'quiet past');
    button.type = 'button';
    button.dataset['state'] = one.state;
    button.append(
      make('span', 'about', `${asOf(new Date(one.at), new Date())} · ${one.state} · ${duration(one.seconds)} · ${one.rows.toLocaleString('en')} rows`),
      make('code', '', one.sql.replace(/\s+/g, ' ').trim().slice(0, 120)));
    button.addEventListener('click', () => open(one));
    item.append(button);
    return item;
  }));
  if (past.length === 0) {
    list.append(make('li', 'nothing', 'Nothing has been run here yet.'));
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
