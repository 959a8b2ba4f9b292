import { ask } from '../Fleet/Train/ask';
import { keyed, make, mark, say } from '../Layout/dom';
import { send } from '../Workbench/calls';
import { hasEnded, missingWords, progressWords, titleWords, type MergedJob } from './mergedJob';

const SOON = 700;
const SELDOM = 15_000;

/** Merged downloads of this operator: asks for one, shows how far each is, cancels. All of it is the portal's to know, so a reload finds it again. Returns what takes it off again. */
export function mountMerged(section: HTMLElement): () => void {
  const part = <T extends HTMLElement>(selector: string) => section.querySelector<T>(selector)!;
  const [list, empty, trouble, news, form] = [part('.merged-jobs'), part('.empty'), part('.trouble'), part('.news'), section.querySelector<HTMLFormElement>('form')];
  // States as last seen: what changes while the page is open is said to those who do not see it.
  const seen = new Map<string, MergedJob['state']>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;

  const problem = (words: string | null) => {
    trouble.hidden = words === null;
    say(trouble, words ?? '');
  };

  const act = (button: HTMLButtonElement, doing: () => Promise<unknown>) => {
    button.disabled = true;
    problem(null);
    doing().catch((failure: Error) => problem(failure.message)).finally(() => {
      button.disabled = false;
      void look();
    });
  };

  async function look(): Promise<void> {
    clearTimeout(timer);
    let every = SELDOM;
    try {
      const { items } = await ask<{ items: readonly MergedJob[] }>('/api/extracts/merged');
      mark(section, { current: 'true' });
      show(items);
      every = items.some((job) => !hasEnded(job)) ? SOON : SELDOM;
    } catch (failure) {
      mark(section, { current: 'false' });
      problem(`${(failure as Error).message} What stands here is as it was; trying again.`);
    }

    if (!stopped) {
      clearTimeout(timer);
      timer = setTimeout(() => void look(), every);
    }
  }

  function show(jobs: readonly MergedJob[]): void {
    empty.hidden = jobs.length > 0;
    if (section.dataset['current'] === 'true' && trouble.textContent?.endsWith('trying again.') === true) {
      problem(null);
    }

    keyed(list, jobs, (job) => job.id, create, update);
    for (const job of jobs) {
      const before = seen.get(job.id);
      if (before !== undefined && before !== job.state && hasEnded(job)) {
        say(news, `${titleWords(job)}. ${progressWords(job)}${job.error === null ? '' : ` ${job.error}`}`);
      }

      seen.set(job.id, job.state);
    }
  }

  function create(job: MergedJob): HTMLElement {
    const item = make('li', 'merged-job');
    const bar = make('progress');
    bar.setAttribute('aria-label', 'Files read');
    const ways = make('p', 'ways');
    const download = make('a', 'button primary download', 'Download');
    const cancel = make('button', 'cancel', 'Cancel');
    const resume = make('button', 'resume', 'Go on');
    const address = `/api/extracts/${job.extractId}/merged/${job.id}`;
    for (const button of [cancel, resume]) {
      button.type = 'button';
    }

    cancel.addEventListener('click', () => act(cancel, async () => {
      await send('DELETE', address);
      mark(item, { cancelling: '' });
    }));
    resume.addEventListener('click', () => act(resume, () => send('POST', `${address}/resume`)));
    ways.append(download, resume, cancel);
    item.append(make('h3', '', titleWords(job)), bar, make('p', 'far'), make('p', 'waiting notice'), make('p', 'problem'), make('div', 'missing'), make('p', 'sum note'), ways);
    return item;
  }

  function update(item: HTMLElement, job: MergedJob): void {
    const of = <T extends HTMLElement>(selector: string) => item.querySelector<T>(selector)!;
    mark(item, { state: job.state, job: job.id });
    const bar = of<HTMLProgressElement>('progress');
    bar.hidden = hasEnded(job);
    bar.max = Math.max(1, job.files);
    bar.value = job.filesRead;
    say(of('.far'), item.dataset['cancelling'] !== undefined && !hasEnded(job) ? 'Cancelling…' : progressWords(job));
    line(of('.waiting'), job.waiting === null ? null : `Waiting: ${job.waiting} Trying again.`);
    line(of('.problem'), job.error);
    line(of('.sum'), job.checksum === null ? null : `${job.fileName} · SHA-256 ${job.checksum.value}`);
    missing(of('.missing'), job);
    const download = of<HTMLAnchorElement>('.download');
    download.hidden = job.file === null;
    if (job.file !== null) {
      download.href = job.file;
      download.setAttribute('aria-label', `Download ${job.fileName}`);
    }

    of('.resume').hidden = job.state !== 'failed';
    say(of('.cancel'), hasEnded(job) ? 'Remove' : 'Cancel');
    of('.cancel').setAttribute('aria-label', `${hasEnded(job) ? 'Remove' : 'Cancel'} the merged download of ${titleWords(job)}`);
  }

  form?.addEventListener('submit', (event) => {
    event.preventDefault();
    const fields = new FormData(form);
    act(form.querySelector('button')!, () => send('POST', `/api/extracts/${String(fields.get('extract'))}/merged`, { format: fields.get('format') }));
  });
  void look().then(() => mark(section, { ready: '' }));
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

function line(element: HTMLElement, words: string | null): void {
  element.hidden = words === null;
  say(element, words ?? '');
}

function missing(box: HTMLElement, job: MergedJob): void {
  const words = missingWords(job);
  box.hidden = words.length === 0;
  if (box.dataset['said'] === `${words.join(' ')} ${job.leftOut.length}`) {
    return;
  }

  mark(box, { said: `${words.join(' ')} ${job.leftOut.length}` });
  box.replaceChildren(...words.map((said) => make('p', 'notice', said)));
  if (job.leftOut.length > 0) {
    const [details, names] = [make('details'), make('ul')];
    names.append(...job.leftOut.map((file) => make('li', '', `${file.key}: ${file.reason}`)));
    details.append(make('summary', '', 'Which files, and why'), names);
    box.append(details);
  }
}
