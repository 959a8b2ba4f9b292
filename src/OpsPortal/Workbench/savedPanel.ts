import { ask } from '../Fleet/Train/ask';
import { asOf } from '../Layout/clock';
import { make, say } from '../Layout/dom';
import { Refused, send } from './calls';
import { showSaved, showTrouble } from './side';
import type { Tab, TabSaved } from './tabStore';
import type { SavedQuery, SavedVersion } from './wire';

export interface Action {
  label: string;
  act(): void;
}

export interface SavedPanel {
  /** Says which saved query the tab shows. */
  show(tab: Tab): void;
  /** Keeps the tab in front: as a version of what it shows, or under a name that is asked for. */
  save(): void;
  refresh(): Promise<void>;
}

interface Events {
  active(): Tab;
  open(part: Partial<Tab>): void;
  /** The tab is another now: its text too where told. */
  changed(tab: Tab, isTextNew: boolean): void;
  problem(words: string | null, actions?: readonly Action[]): void;
  said(words: string): void;
}

const ADDRESS = '/api/saved-queries';

/** What a tab knows of the saved query it shows. */
export function toTab(query: SavedQuery): Partial<Tab> {
  const saved: TabSaved = {
    id: query.id, name: query.name, owner: query.owner, own: query.own, shared: query.shared, revision: query.revision, version: query.latest.version, at: query.latest.at, by: query.latest.by,
  };
  return { title: query.name.slice(0, 40), sql: query.latest.sql, values: { ...query.latest.values }, chart: query.latest.chart, saved };
}

/** Saved queries: the list at the side, the line that says which one is in front, its versions, and the form for name and sharing. */
export function mountSaved(page: HTMLElement, events: Events): SavedPanel {
  const part = <T extends HTMLElement>(selector: string) => page.querySelector<T>(selector)!;
  const [line, form, versions] = [part('.saved-line'), part<HTMLFormElement>('.save-form'), part('.versions')];
  const field = <T extends HTMLElement>(name: string) => form.querySelector<T>(`[name=${name}]`)!;
  // Whether the form renames what is there, or makes something new.
  let renames = false;

  const content = (tab: Tab) => ({ sql: tab.sql, values: tab.values, chart: tab.chart });

  function adopt(tab: Tab, query: SavedQuery, isTextNew: boolean): void {
    const { title, sql, values, chart, saved } = toTab(query);
    Object.assign(tab, { title, saved }, isTextNew ? { sql, values, chart } : {});
    events.changed(tab, isTextNew);
    void refresh();
  }

  function failed(trouble: unknown, tab: Tab, again: (revision: number) => void): void {
    const present = trouble instanceof Refused && trouble.status === 409 ? trouble.present as SavedQuery | null : null;
    events.problem((trouble as Error).message, present === null ? [] : [
      { label: 'Open theirs', act: () => events.open(toTab(present)) },
      { label: 'Save mine as the next version', act: () => again(present.revision) },
    ]);
    if (trouble instanceof Refused && trouble.status === 404) {
      tab.saved = null;
      show(tab);
      void refresh();
    }
  }

  async function saveVersion(tab: Tab, revision: number): Promise<void> {
    try {
      adopt(tab, (await send<SavedQuery>('PUT', `${ADDRESS}/${tab.saved!.id}`, { revision, ...content(tab) }))!, false);
      events.problem(null);
      events.said(`Saved as version ${tab.saved!.version} of “${tab.saved!.name}”.`);
    } catch (trouble) {
      failed(trouble, tab, (present) => void saveVersion(tab, present));
    }
  }

  function openForm(isRename: boolean): void {
    const tab = events.active();
    renames = isRename;
    form.hidden = false;
    field<HTMLInputElement>('name').value = isRename || tab.saved === null ? tab.saved?.name ?? (tab.title === 'Query' ? '' : tab.title) : `Copy of ${tab.saved.name}`.slice(0, 80);
    field<HTMLInputElement>('shared').checked = isRename && tab.saved?.shared === true;
    field<HTMLInputElement>('name').focus();
  }

  async function submit(): Promise<void> {
    const tab = events.active();
    const [name, shared] = [field<HTMLInputElement>('name').value, field<HTMLInputElement>('shared').checked];
    const change = async (revision: number): Promise<void> => {
      try {
        const query = renames
          ? await send<SavedQuery>('PATCH', `${ADDRESS}/${tab.saved!.id}`, { revision, name, shared })
          : await send<SavedQuery>('POST', ADDRESS, { name, shared, ...content(tab) });
        form.hidden = true;
        adopt(tab, query!, false);
        events.problem(null);
        events.said(`Saved as “${query!.name}”${query!.shared ? ', shared with all who may run queries' : ''}.`);
      } catch (trouble) {
        failed(trouble, tab, (present) => void change(present));
      }
    };
    await change(tab.saved?.revision ?? 0);
  }

  async function showVersions(tab: Tab): Promise<void> {
    try {
      const { items, limited } = await ask<{ items: SavedVersion[]; limited: string | null }>(`${ADDRESS}/${tab.saved!.id}/versions`);
      versions.hidden = false;
      versions.replaceChildren(...items.map((version, i) => versionItem(tab, version, i === 0)), ...(limited === null ? [] : [make('li', 'nothing', limited)]));
    } catch (trouble) {
      failed(trouble, tab, () => undefined);
    }
  }

  function versionItem(tab: Tab, version: SavedVersion, isPresent: boolean): HTMLElement {
    const item = make('li', 'version');
    item.append(make('span', 'about', `Version ${version.version} · ${version.by} · ${asOf(new Date(version.at), new Date())}${isPresent ? ' · as it is now' : ''}`), make('code', '', version.sql.replace(/\s+/g, ' ').trim().slice(0, 120)));
    if (!isPresent) {
      item.append(button('See', `See version ${version.version}`, () => events.open({ title: `${tab.saved!.name} v${version.version}`.slice(0, 40), sql: version.sql, values: { ...version.values }, chart: version.chart })));
      item.append(button('Restore', `Restore version ${version.version}`, () => void restore(tab, version.version, tab.saved!.revision)));
    }

    return item;
  }

  async function restore(tab: Tab, version: number, revision: number): Promise<void> {
    try {
      adopt(tab, (await send<SavedQuery>('POST', `${ADDRESS}/${tab.saved!.id}/restore`, { revision, version }))!, true);
      events.said(`Version ${version} is the present one again, as version ${tab.saved!.version}.`);
    } catch (trouble) {
      failed(trouble, tab, (present) => void restore(tab, version, present));
    }
  }

  async function remove(tab: Tab): Promise<void> {
    if (!confirm(`Delete “${tab.saved!.name}” with all its versions?${tab.saved!.shared ? ' Colleagues will not find it any more.' : ''}`)) {
      return;
    }

    try {
      const { id, name } = tab.saved!;
      await send('DELETE', `${ADDRESS}/${id}`);
      tab.saved = null;
      events.changed(tab, false);
      events.said(`“${name}” is deleted; its text stays in this tab.`);
      void refresh();
    } catch (trouble) {
      failed(trouble, tab, () => undefined);
    }
  }

  function show(tab: Tab): void {
    versions.hidden = true;
    form.hidden = true;
    line.hidden = tab.saved === null;
    if (tab.saved !== null) {
      const { name, version, by, at, own, owner, shared } = tab.saved;
      line.replaceChildren(
        make('span', 'which', `“${name}”, version ${version} by ${by}, ${asOf(new Date(at), new Date())} · ${own ? (shared ? 'shared' : 'only yours') : `shared by ${owner}`}`),
        button('Versions', 'Versions of this query', () => void (versions.hidden ? showVersions(tab) : (versions.hidden = true))),
        ...(own ? [button('Name and sharing', 'Name and sharing of this query', () => openForm(true)), button('Delete', 'Delete this query', () => void remove(tab))] : []),
        button('Save a copy', 'Save a copy of this query', () => openForm(false)));
    }
  }

  async function refresh(): Promise<void> {
    try {
      const { items, limited } = await ask<{ items: SavedQuery[]; limited: string | null }>(ADDRESS);
      showSaved(part('.saved-queries'), items, limited, (query) => events.open(toTab(query)));
    } catch (trouble) {
      showTrouble(part('.saved-queries'), (trouble as Error).message);
    }
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void submit();
  });
  form.querySelector('.dismiss')!.addEventListener('click', () => {
    form.hidden = true;
    part('.save').focus();
  });
  form.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') {
      form.hidden = true;
      part('.save').focus();
    }
  });
  return {
    show,
    save() {
      const tab = events.active();
      if (tab.sql.trim() === '') {
        say(part('.progress'), 'There is nothing to save yet.');
      } else if (tab.saved === null) {
        openForm(false);
      } else {
        void saveVersion(tab, tab.saved.revision);
      }
    },
    refresh,
  };
}

function button(text: string, label: string, act: () => void): HTMLButtonElement {
  const made = make('button', 'quiet', text);
  made.type = 'button';
  made.setAttribute('aria-label', label);
  made.addEventListener('click', act);
  return made;
}
