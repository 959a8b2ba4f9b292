import { countWords, momentWords, sizeWords } from '../../Extracts/words';
import { ask, AskProblem } from '../../Fleet/Train/ask';
import { make, say } from '../../Layout/dom';
import { Refused, send } from '../calls';
import { duration } from '../side';
import { hasEnded, type Files, type Query } from '../wire';

const TURN = 1_000;

export interface FilesPanel {
  /** Shows what there is of a query's files, and follows them while they are written. */
  show(query: Query): void;
  hide(): void;
}

/** All rows of a query as files that the warehouse writes. Where it writes none the page has no such part, and nothing is shown. */
export function mountFiles(box: HTMLElement | null, mayOverride: boolean): FilesPanel {
  if (box === null) {
    return { show: () => undefined, hide: () => undefined };
  }

  const [begin, end, list] = [box.querySelector<HTMLButtonElement>('.make-files')!, box.querySelector<HTMLButtonElement>('.end-files')!, box.querySelector('.files-list')!];
  const said = box.querySelector('.files-said')!;
  let query: string | null = null;
  let override = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function none(words: string): void {
    begin.hidden = false;
    end.hidden = true;
    say(said, words);
    list.replaceChildren();
  }

  function told(files: Files): void {
    const isOver = hasEnded(files.state);
    begin.hidden = files.state === 'running' || files.state === 'succeeded';
    end.hidden = !begin.hidden;
    say(end, isOver ? 'Remove the files' : 'Cancel');
    const rows = files.rows === null ? '' : ` · ${countWords(files.rows, 'row')}`;
    say(said, files.state === 'succeeded' ? `${countWords(files.files.length, 'Parquet file')}${rows} · they go at ${momentWords(files.removedAt)}`
      : files.state === 'running' ? `The warehouse writes the files · ${duration(files.seconds)}`
      : files.state === 'cancelled' ? 'Cancelled; what was written is removed.' : `No files: ${files.error ?? ''}`);
    list.replaceChildren(...files.files.map((file) => {
      const link = Object.assign(make('a', '', file.name), { href: file.link, download: '' });
      const item = make('li', '', '');
      const facts = [file.rows === null ? '' : countWords(file.rows, 'row'), file.bytes === null ? '' : sizeWords(file.bytes)].filter((fact) => fact !== '');
      item.append(link, make('span', 'file-facts', ` ${facts.join(' · ')}`));
      return item;
    }));
  }

  async function follow(id: string): Promise<void> {
    clearTimeout(timer);
    try {
      const files = await ask<Files>(`/api/queries/${id}/files`);
      if (query !== id) {
        return;
      }

      told(files);
      if (hasEnded(files.state)) {
        return;
      }
    } catch (problem) {
      if (query !== id) {
        return;
      }

      if (problem instanceof AskProblem && problem.status >= 400 && problem.status < 500 && problem.status !== 429) {
        return none(problem.status === 404 ? '' : problem.message);
      }

      say(said, `${(problem as Error).message} The files are written on; trying again.`);
    }

    timer = setTimeout(() => void follow(id), TURN);
  }

  async function act(what: (id: string) => Promise<unknown>): Promise<void> {
    const id = query!;
    begin.disabled = end.disabled = true;
    try {
      await what(id);
      override = false;
      void follow(id);
    } catch (problem) {
      // Beyond the guard: the same button again sets it aside, for who may.
      override = problem instanceof Refused && problem.status === 409 && problem.present !== null && mayOverride;
      say(said, `${(problem as Error).message}${override ? ' The same button once more writes them anyway.' : ''}`);
    } finally {
      begin.disabled = end.disabled = false;
    }
  }

  begin.addEventListener('click', () => void act((id) => send('POST', `/api/queries/${id}/files`, override ? { override } : {})));
  end.addEventListener('click', () => void act((id) => send('DELETE', `/api/queries/${id}/files`)));
  return {
    show(one) {
      if (!hasEnded(one.state) || query === one.id) {
        return;
      }

      [query, override, box.hidden] = [one.id, false, false];
      none('');
      if (one.files) {
        void follow(one.id);
      }
    },
    hide() {
      clearTimeout(timer);
      [query, box.hidden] = [null, true];
    },
  };
}
