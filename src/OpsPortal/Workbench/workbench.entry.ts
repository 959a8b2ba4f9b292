import { ask } from '../Fleet/Train/ask';
import { make, mark, say } from '../Layout/dom';
import { Refused } from './calls';
import { mountEditor } from './editor';
import { exampleValue, forApi, forField, parametersOf } from './parameters';
import { showFields } from './parameterFields';
import { estimate, showPlan } from './planBox';
import { count, mountResult } from './resultPanel';
import { cancel, makeFollower, start } from './run';
import { type Action, mountSaved } from './savedPanel';
import { fromFragment, toFragment } from './shareLink';
import { duration, showHistory, showStarters, showTables, showTrouble } from './side';
import { showTabs } from './tabBar';
import { isBack, MOST_TABS, newTab, readTabs, type Tab } from './tabStore';
import { type Estimate, hasEnded, type Past, type Query, type Schema, type Starter, type Typed } from './wire';

const KEEP_AFTER = 300;
const page = document.getElementById('workbench');
if (page !== null) {
  mountWorkbench(page);
}

/** Joins the tabs kept in this browser, the editor, the portal's queries and the grid. */
function mountWorkbench(page: HTMLElement): void {
  const part = <T extends HTMLElement>(selector: string) => page.querySelector<T>(selector)!;
  const key = (what: string) => `workbench-${what}:${page.dataset['operator']}`;
  const tabs = readTabs(localStorage.getItem(key('tabs')));
  const mayOverride = page.dataset['mayOverride'] === 'true';
  let dialect: Schema['dialect'] = 'sqlite';
  let starters: readonly Starter[] = [];
  // The query shown last, for the tab in front.
  let shown: Query | null = null;
  let past: readonly Past[] = [];
  let keeping: ReturnType<typeof setTimeout> | undefined;
  const active = () => tabs.tabs.find((tab) => tab.id === tabs.active)!;

  const keep = () => {
    clearTimeout(keeping);
    keeping = undefined;
    try {
      localStorage.setItem(key('tabs'), JSON.stringify(tabs));
    } catch {
      problem('This browser has no room left to keep the queries: they go with this page.', null, 'note');
    }
  };
  const keepSoon = () => {
    keeping ??= setTimeout(keep, KEEP_AFTER);
  };
  addEventListener('pagehide', keep);

  const editor = mountEditor(part('.editor'), {
    changed(text) {
      active().sql = text;
      fields();
      keepSoon();
    },
    selected(isAny) {
      part('.run-selection').hidden = !isAny;
    },
    run: () => void run(false),
    format: () => void format(),
  });
  const results = mountResult(page, {
    trouble: (words) => problem(words, null, 'note'),
    charted(chart) {
      active().chart = chart;
      keepSoon();
    },
  });
  const saved = mountSaved(page, {
    active,
    open,
    changed(tab, isTextNew) {
      if (tab === active()) {
        saved.show(tab);
        if (isTextNew) {
          editor.replace(tab.sql);
        }
      }

      bar();
      keepSoon();
    },
    problem: (words, actions) => problem(words, null, 'note', actions),
    said: (words) => say(part('.progress'), words),
  });
  const follower = makeFollower(told, (words, isGone) => {
    if (isGone) {
      active().query = null;
      keepSoon();
      idle();
      problem('The result is no longer kept. Run the query again.', null, 'note');
    } else {
      say(part('.progress'), `${words} The query runs on; trying again.`);
    }
  });

  function fields(): void {
    const tab = active();
    showFields(part('.parameters'), parametersOf(tab.sql), tab.values, keepSoon);
  }

  function problem(words: string | null, position: number | null, kind: 'error' | 'note' = 'error', actions: readonly Action[] = []): void {
    const box = part('.query-problem');
    box.hidden = words === null;
    mark(box, { kind });
    const place = position === null ? '' : placeWords(active().sql, position);
    say(box.querySelector('p')!, `${place}${words ?? ''}`);
    const offered = position === null ? actions : [{ label: 'Show the place', act: () => editor.focus() }, ...actions];
    box.querySelector('.problem-actions')!.replaceChildren(...offered.map(({ label, act }) => {
      const button = make('button', 'quiet', label);
      button.type = 'button';
      button.addEventListener('click', act);
      return button;
    }));
    if (position !== null && words !== null) {
      editor.point(position, words);
    } else {
      editor.clear();
    }
  }

  function idle(): void {
    shown = null;
    follower.stop();
    results.hide();
    showPlan(part('.plan'), null, mayOverride);
    part('.result .empty').hidden = false;
    say(part('.result .empty'), 'No result yet. Ctrl+Enter runs the query.');
    say(part('.progress'), '');
    mark(part('.progress'), { state: null });
    part('.cancel').hidden = true;
  }

  function choose(tab: Tab): void {
    tabs.active = tab.id;
    bar();
    idle();
    editor.setText(tab.sql);
    problem(null, null);
    fields();
    saved.show(tab);
    const back = part<HTMLAnchorElement>('.back');
    back.hidden = tab.back === null;
    back.href = tab.back ?? '';
    say(back, tab.back?.startsWith('/alerts') ? '◂ Back to the alert' : '◂ Back to the train');
    if (tab.query !== null) {
      follower.follow(tab.query);
    }

    keepSoon();
  }

  function open(part: Partial<Tab>): void {
    // An empty tab is used rather than left behind.
    const empty = tabs.tabs.find((tab) => tab.sql.trim() === '');
    if (empty !== undefined) {
      Object.assign(empty, newTab(), part, { id: empty.id });
      return choose(empty);
    }

    if (tabs.tabs.length >= MOST_TABS) {
      return problem(`There are ${MOST_TABS} queries open, as many as fit. Close one first.`, null, 'note');
    }

    const tab = newTab(part);
    tabs.tabs.push(tab);
    choose(tab);
  }

  function close(tab: Tab): void {
    const index = tabs.tabs.indexOf(tab);
    tabs.tabs.splice(index, 1);
    if (tabs.tabs.length === 0) {
      tabs.tabs.push(newTab());
    }

    choose(tabs.tabs.find((other) => other.id === tabs.active) ?? tabs.tabs[Math.max(0, index - 1)]!);
  }

  function bar(): void {
    showTabs(part('.query-tabs'), tabs, {
      choose,
      close,
      rename(tab, title) {
        tab.title = title;
        bar();
        keepSoon();
      },
    });
  }

  async function run(onlySelection: boolean, isOverride = false): Promise<void> {
    const tab = active();
    const selection = onlySelection ? editor.selection() : null;
    const sql = selection?.text ?? tab.sql;
    problem(null, null);
    idle();
    say(part('.progress'), 'Asking…');
    mark(part('.progress'), { state: 'queued' });
    try {
      tab.query = await start(sql, forApi(parametersOf(sql), tab.values), isOverride);
      tab.offset = selection?.from ?? 0;
      keep();
      if (tab === active()) {
        follower.follow(tab.query);
      }
    } catch (trouble) {
      idle();
      const at = trouble instanceof Refused ? trouble.position : null;
      const over = trouble instanceof Refused && trouble.status === 409 ? trouble.present as Estimate | null : null;
      problem((trouble as Error).message, at === null ? null : at + (selection?.from ?? 0), over === null ? 'error' : 'note', over !== null && mayOverride ? [{ label: 'Run anyway', act: () => void run(onlySelection, true) }] : []);
      showPlan(part('.plan'), over, mayOverride);
    }
  }

  async function plan(): Promise<void> {
    const tab = active();
    const selection = editor.selection();
    const sql = selection?.text ?? tab.sql;
    problem(null, null);
    showPlan(part('.plan'), null, mayOverride);
    try {
      const told = await estimate(sql, forApi(parametersOf(sql), tab.values));
      if (tab === active()) {
        showPlan(part('.plan'), told, mayOverride);
      }
    } catch (trouble) {
      const at = trouble instanceof Refused ? trouble.position : null;
      problem((trouble as Error).message, at === null ? null : at + (selection?.from ?? 0));
    }
  }

  async function format(): Promise<void> {
    try {
      const { formatSql } = await import('./format');
      const formatted = formatSql(active().sql, dialect);
      if (formatted !== active().sql) {
        editor.replace(formatted);
      }

      say(part('.progress'), 'Formatted; Ctrl+Z brings the text back as it was.');
    } catch {
      say(part('.progress'), 'The text cannot be formatted: it is not whole yet.');
    }
  }

  function told(query: Query): void {
    const isNews = shown?.id === query.id && !hasEnded(shown.state) && hasEnded(query.state);
    shown = query;
    const tab = active();
    const words = { queued: 'Waiting for others of yours to end', running: 'Running', succeeded: 'Done', failed: 'Failed', cancelled: 'Cancelled' }[query.state];
    say(part('.progress'), `${words} · ${duration(query.seconds)}${query.state === 'running' || query.rows > 0 ? ` · ${count(query.rows)}` : ''}`);
    mark(part('.progress'), { state: query.state });
    say(part('.result .empty'), hasEnded(query.state) ? 'No rows came.' : 'Waiting for the first rows…');
    part('.cancel').hidden = hasEnded(query.state);
    if (query.columns !== null) {
      part('.result .empty').hidden = query.columns.length > 0 && (query.rows > 0 || query.state === 'succeeded');
    }

    results.show(query, tab.chart);
    if (query.error !== null) {
      say(part('.result .empty'), 'The query came to nothing; above is why.');
      problem(query.error.reason, query.error.position === null ? null : query.error.position + tab.offset);
    }

    if (isNews && query.state === 'cancelled') {
      confirmEnd(query);
    }

    if (isNews || (hasEnded(query.state) && !past.some((one) => one.id === query.id))) {
      void history(query.id);
    }
  }

  // Said by the warehouse itself, not by the portal's own books.
  function confirmEnd(query: Query): void {
    ask<{ items: unknown[] }>('/api/warehouse/running').then(({ items }) => {
      if (shown?.id === query.id) {
        say(part('.progress'), `Cancelled · ${items.length === 0 ? 'the warehouse runs nothing of yours any more' : `the warehouse still runs ${items.length} of yours`}`);
      }
    }).catch(() => undefined);
  }

  // The portal writes a run down just after its end.
  async function history(awaited: string | null, turns = 0): Promise<void> {
    try {
      const { items, limited } = await ask<{ items: Past[]; limited: string | null }>('/api/warehouse/history?limit=60');
      past = items;
      showHistory(part('.history'), items, limited, (one) => open({ title: 'From history', sql: one.sql, values: { ...one.values } }));
      if (awaited !== null && turns < 5 && !items.some((one) => one.id === awaited)) {
        setTimeout(() => void history(awaited, turns + 1), 300);
      }
    } catch (trouble) {
      showTrouble(part('.history'), (trouble as Error).message);
    }
  }

  function openStarter(starter: Starter, given: URLSearchParams, back: string | null): void {
    const now = Date.now();
    const values: Record<string, Typed> = Object.fromEntries(starter.parameters.map(({ name, type, example }) => {
      const said = given.get(name);
      return [name, { type, value: said === null ? exampleValue(type, example, now) : type === 'time' ? forField(Date.parse(said)) : said.slice(0, 200) }];
    }));
    open({ title: starter.title, sql: starter.sql, values, back });
  }

  function arrive(): void {
    const query = new URLSearchParams(location.search);
    const shared = fromFragment(location.hash);
    const starter = starters.find((one) => one.id === query.get('starter'));
    if (shared !== null) {
      open({ title: 'Shared', ...shared });
    } else if (starter !== undefined) {
      const back = query.get('back');
      openStarter(starter, query, isBack(back) ? back : null);
    } else if (query.has('starter')) {
      problem('The link names a query that is not there. Take one from “Queries to begin with”.', null, 'note');
    }

    // Once: a reload must not open it again.
    window.history.replaceState(window.history.state, '', location.pathname);
  }

  part('.run').addEventListener('click', () => void run(false));
  part('.run-selection').addEventListener('click', () => void run(true));
  part('.new-tab').addEventListener('click', () => {
    open({});
    editor.focus();
  });
  part('.cancel').addEventListener('click', () => {
    if (shown !== null && !hasEnded(shown.state)) {
      say(part('.progress'), 'Cancelling…');
      cancel(shown.id).catch((trouble: Error) => problem(trouble.message, null, 'note'));
    }
  });
  part('.share').addEventListener('click', () => {
    const link = `${location.origin}/workbench${toFragment(active().sql, active().values)}`;
    navigator.clipboard.writeText(link).then(() => say(part('.progress'), 'The link is copied: it opens this query for a colleague who may, and does not run it.'), () => prompt('The link to this query', link));
  });
  part('.plan-button').addEventListener('click', () => void plan());
  part('.format').addEventListener('click', () => void format());
  part('.save').addEventListener('click', () => saved.save());
  page.addEventListener('keydown', (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') {
      event.preventDefault();
      saved.save();
    }
  });

  bar();
  choose(active());
  void history(null);
  void saved.refresh();
  const note = part('.dialect');
  ask<Schema>('/api/warehouse/schema').then((schema) => {
    dialect = schema.dialect;
    editor.schema(schema);
    showTables(part('.tables'), schema, (text) => editor.insert(text), (sql, title) => open({ sql, title }));
    say(note, `${schema.dialect === 'sqlite' ? 'SQLite, embedded' : 'Amazon Redshift'} · tables of your scope only · times are UTC · read only`);
  }).catch((trouble: Error) => {
    showTrouble(part('.tables'), trouble.message);
    mark(note, { state: 'error' });
    say(note, `The tables cannot be shown: ${trouble.message}`);
  });
  ask<{ items: Starter[] }>('/api/warehouse/starters').then(({ items }) => {
    starters = items;
    showStarters(part('.starters'), items, (starter) => openStarter(starter, new URLSearchParams(), null));
    arrive();
    mark(page, { ready: '' });
  }).catch((trouble: Error) => showTrouble(part('.starters'), trouble.message));
}

function placeWords(text: string, position: number): string {
  const before = text.slice(0, position).split('\n');
  return `Line ${before.length}, column ${before.at(-1)!.length + 1}: `;
}
