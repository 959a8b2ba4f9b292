import type { State, Typed } from './wire';

/** One text somebody works on, with what came of it last. */
export interface Tab {
  id: string;
  title: string;
  sql: string;
  values: Record<string, Typed>;
  /** The query last run, and where its text begins in the tab's. */
  query: string | null;
  offset: number;
  /** Where the operator came from. */
  back: string | null;
}

export interface Tabs {
  tabs: Tab[];
  active: string;
}

/** A query that was run. */
export interface Past {
  at: string;
  sql: string;
  values: Record<string, Typed>;
  state: State;
  seconds: number;
  rows: number;
}

export const MOST_TABS = 12;
const MOST_PAST = 60;
const LONGEST = 100_000;

export function newTab(part: Partial<Tab> = {}): Tab {
  return { id: crypto.randomUUID(), title: 'Query', sql: '', values: {}, query: null, offset: 0, back: null, ...part };
}

/** Reads what was kept; what cannot be read counts as nothing, and there is always a tab. */
export function readTabs(text: string | null): Tabs {
  const kept = parse(text) as Partial<Tabs> | null;
  const tabs = Array.isArray(kept?.tabs) ? kept.tabs.filter(isTab).slice(0, MOST_TABS) : [];
  if (tabs.length === 0) {
    tabs.push(newTab());
  }

  return { tabs, active: tabs.some((tab) => tab.id === kept?.active) ? kept!.active! : tabs[0]!.id };
}

export function readPast(text: string | null): Past[] {
  const kept = parse(text);
  return Array.isArray(kept) ? kept.filter(isPast).slice(0, MOST_PAST) : [];
}

export function addPast(past: readonly Past[], one: Past): Past[] {
  return [one, ...past].slice(0, MOST_PAST);
}

/** A way back is one of the portal's own pages. */
export function isBack(address: string | null): address is string {
  return address !== null && /^\/(alerts|trains\/[^/?#]+)(\?[^#]*)?$/.test(address);
}

function parse(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null');
  } catch {
    return null;
  }
}

function isTab(value: unknown): value is Tab {
  const tab = value as Tab | null;
  return typeof tab?.id === 'string' && typeof tab.title === 'string' && typeof tab.sql === 'string' && tab.sql.length <= LONGEST && areValues(tab.values)
    && (tab.query === null || typeof tab.query === 'string') && typeof tab.offset === 'number' && (tab.back === null || isBack(tab.back));
}

function isPast(value: unknown): value is Past {
  const past = value as Past | null;
  return typeof past?.sql === 'string' && typeof past.at === 'string' && typeof past.state === 'string' && typeof past.seconds === 'number' && typeof past.rows === 'number' && areValues(past.values);
}

export function areValues(value: unknown): value is Record<string, Typed> {
  return typeof value === 'object' && value !== null && Object.values(value).every((typed) => typeof (typed as Typed | null)?.type === 'string' && typeof (typed as Typed).value === 'string');
}
