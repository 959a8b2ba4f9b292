import { backoff } from '../../Feed/backoff';

/** The portal said no, or could not be asked (status 0). */
export class AskProblem extends Error {
  constructor(readonly status: number, words: string) {
    super(words);
  }
}

const PATIENCE = 20_000;

/** Asks the API; what goes wrong is thrown in words a person can read. */
export async function ask<T>(url: string, cancelled?: AbortSignal, within = PATIENCE): Promise<T> {
  const patience = AbortSignal.timeout(within);
  let answer: Response;
  try {
    answer = await fetch(url, { headers: { accept: 'application/json' }, signal: cancelled === undefined ? patience : AbortSignal.any([cancelled, patience]) });
  } catch (problem) {
    if (cancelled?.aborted) {
      throw problem;
    }

    throw new AskProblem(0, patience.aborted ? `The portal has not answered for ${within / 1000} s.` : 'The portal cannot be reached.');
  }

  const body: unknown = await answer.json().catch(() => null);
  if (answer.ok && body !== null) {
    return body as T;
  }

  const detail = (body as { detail?: string } | null)?.detail;
  throw new AskProblem(answer.status, answer.status === 401 ? 'Signed out. Sign in again to go on.' : detail ?? `The portal answered ${answer.status}.`);
}

export interface Asking {
  /** Asks now, whatever the clock says; a question under way is not asked twice. */
  now(): void;
  stop(): void;
}

/** Asks again and again while the page is visible; after a failure ever more seldom, and at once when the page comes back. */
export function keepAsking(question: () => Promise<void>, every: number): Asking {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;
  let underWay = false;
  let again = false;
  let stopped = false;
  const turn = async () => {
    clearTimeout(timer);
    if (underWay) {
      again = true;
      return;
    }

    underWay = true;
    try {
      await question();
      failures = 0;
    } catch {
      failures++;
    }

    underWay = false;
    if (!stopped && (document.visibilityState === 'visible' || again)) {
      timer = setTimeout(turn, again ? 0 : failures === 0 ? every : Math.max(every, backoff(failures, Math.random)));
    }

    again = false;
  };
  const shown = () => {
    if (document.visibilityState === 'visible') {
      failures = 0;
      void turn();
    } else {
      clearTimeout(timer);
    }
  };
  document.addEventListener('visibilitychange', shown);
  void turn();
  return {
    now: () => void turn(),
    stop() {
      stopped = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', shown);
    },
  };
}
