import type { SavedChart, SavedQuery, SavedVersion, Typed } from './wire';

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
  saved: TabSaved | null;
  chart: SavedChart | null;
}

export interface Tabs {
  tabs: Tab[];
  active: string;
}

/** The saved query that a tab shows, as it was when it was opened or saved last. */
export type TabSaved = Omit<SavedQuery, 'latest'> & Pick<SavedVersion, 'version' | 'at' | 'by'>;

export const MOST_TABS = 12;
const LONGEST = 100_000;

export function newTab(part: Partial<Tab> = {}): Tab {
  return { id: crypto.randomUUID(), title: 'Query', sql: '', values: {}, query: null, offset: 0, back: null, saved: null, chart: null, ...part };
}

/** Reads what was kept; what cannot be read counts as nothing, and there is always a tab. */
export function readTabs(text: string | null): Tabs {
  const kept = parse(text) as Partial<Tabs> | null;
  const tabs = Array.isArray(kept?.tabs) ? kept.tabs.map((tab) => newTab(tab ?? {})).filter(isTab).slice(0, MOST_TABS) : [];
  if (tabs.length === 0) {
    tabs.push(newTab());
  }

  return { tabs, active: tabs.some((tab) => tab.id === kept?.active) ? kept!.active! : tabs[0]!.id };
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
    && (tab.query === null || typeof tab.query === 'string') && typeof tab.offset === 'number' && (tab.back === null || isBack(tab.back))
    && (tab.saved === null || isSaved(tab.saved)) && (tab.chart === null || isChart(tab.chart));
}

function isSaved(value: unknown): value is TabSaved {
  const saved = value as TabSaved | null;
  return typeof saved?.id === 'string' && typeof saved.name === 'string' && typeof saved.owner === 'string' && typeof saved.revision === 'number' && typeof saved.version === 'number'
    && typeof saved.at === 'string' && typeof saved.by === 'string';
}

function isChart(value: unknown): value is SavedChart {
  const chart = value as SavedChart | null;
  return typeof chart?.kind === 'string' && typeof chart.x === 'string' && Array.isArray(chart.y) && chart.y.every((name) => typeof name === 'string') && (chart.by === null || typeof chart.by === 'string');
}

export function areValues(value: unknown): value is Record<string, Typed> {
  return typeof value === 'object' && value !== null && Object.values(value).every((typed) => typeof (typed as Typed | null)?.type === 'string' && typeof (typed as Typed).value === 'string');
}
