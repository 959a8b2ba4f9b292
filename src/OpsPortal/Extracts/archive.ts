import { ask } from '../Fleet/Train/ask';
import { make, mark, say } from '../Layout/dom';
import { send } from '../Workbench/calls';
import { countWords, momentWords, sizeWords } from './words';

const EVERY = 60_000;
const MOST_NAMED = 100;

interface ArchivedFile {
  readonly number: number;
  readonly key: string;
  readonly bytes: number;
  readonly storageClass: string;
  readonly availability: 'available' | 'archived' | 'restoring' | 'gone' | 'denied';
  readonly until: string | null;
  readonly reason: string | null;
}

interface Page {
  readonly items: readonly ArchivedFile[];
  readonly next: string | null;
}

const STATES = { archived: 'archived', restoring: 'being brought back', available: 'ready', gone: 'gone', denied: 'not allowed' } as const;

/** Archived files of one extract: how many are where, asking for them, and the news when all can be had. Returns what takes it off again. */
export function mountArchive(box: HTMLElement, news: HTMLElement, every = EVERY): () => void {
  const extract = box.dataset['extract']!;
  const part = <T extends HTMLElement>(selector: string) => box.querySelector<T>(selector)!;
  const [button, far, trouble, bar, names] = [part<HTMLButtonElement>('button'), part('.far'), part('.trouble'), part<HTMLProgressElement>('progress'), part('.names')];
  let waited = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;

  const problem = (words: string | null) => {
    trouble.hidden = words === null;
    say(trouble, words ?? '');
  };

  async function look(): Promise<void> {
    clearTimeout(timer);
    try {
      const page = await ask<Page>(`/api/extracts/${extract}/archived?limit=1000`);
      mark(box, { current: 'true' });
      show(page);
    } catch (failure) {
      mark(box, { current: 'false' });
      problem(`${(failure as Error).message} What stands here is as it was.`);
    }

    if (!stopped) {
      timer = setTimeout(() => void look(), every);
    }
  }

  function show({ items, next }: Page): void {
    const count = (state: ArchivedFile['availability']) => items.filter((file) => file.availability === state).length;
    const [ready, restoring, archived] = [count('available'), count('restoring'), count('archived')];
    const until = items.map((file) => file.until).filter((time) => time !== null).sort()[0];
    const said = (Object.keys(STATES) as ArchivedFile['availability'][]).filter((state) => count(state) > 0).map((state) => `${countWords(count(state), 'file')} ${STATES[state]}`);
    say(far, `${said.join(', ')}${until === undefined ? '' : ` until ${momentWords(until)}`}.${next === null ? '' : ` The first ${items.length.toLocaleString('en')} are looked at.`}`);
    bar.max = Math.max(1, items.length);
    bar.value = ready;
    bar.hidden = restoring === 0;
    button.disabled = archived === 0 && next === null;
    mark(box, { state: archived > 0 ? 'archived' : restoring > 0 ? 'restoring' : 'ready' });
    if (waited && restoring === 0 && archived === 0) {
      say(news, `The archived files of the extract of ${box.dataset['trains']} are brought back: ${far.textContent}`);
    }

    waited = restoring > 0;
    names.replaceChildren(
      ...items.slice(0, MOST_NAMED).map((file) => make('li', '', `${file.key} · ${sizeWords(file.bytes)} · ${file.storageClass} · ${STATES[file.availability]}${file.until === null ? '' : ` until ${momentWords(file.until)}`}${file.reason === null ? '' : ` · ${file.reason}`}`)),
      ...(items.length > MOST_NAMED ? [make('li', '', `…and ${countWords(items.length - MOST_NAMED, 'more', 'more')}`)] : []),
    );
  }

  async function restore(): Promise<void> {
    const speed = part<HTMLSelectElement>('select').value;
    const refused = new Map<string, number>();
    let after: string | null = null;
    do {
      const page: Page = (await send<Page>('POST', `/api/extracts/${extract}/restore`, { speed, after }))!;
      page.items.filter((file) => file.availability !== 'restoring' && file.availability !== 'available').forEach((file) => refused.set(file.reason ?? 'refused', (refused.get(file.reason ?? 'refused') ?? 0) + 1));
      after = page.next;
    } while (after !== null && !stopped);
    problem(refused.size === 0 ? null : [...refused].map(([reason, files]) => `${countWords(files, 'file')}: ${reason}`).join(' '));
  }

  button.addEventListener('click', () => {
    button.disabled = true;
    problem(null);
    restore().catch((failure: Error) => problem(failure.message)).finally(() => {
      button.disabled = false;
      void look();
    });
  });
  void look();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
