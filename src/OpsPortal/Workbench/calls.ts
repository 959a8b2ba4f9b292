import { AskProblem } from '../Fleet/Train/ask';

const PATIENCE = 20_000;
let csrf: Promise<string> | undefined;

/** The portal refused: why, where in a query's text, and how things are now. */
export class Refused extends AskProblem {
  constructor(status: number, words: string, readonly position: number | null, readonly present: unknown) {
    super(status, words);
  }
}

/** Sends something that changes something; what goes wrong is thrown in words a person can read. */
export async function send<T>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, body?: unknown): Promise<T | null> {
  csrf ??= fetch('/api/me', { headers: { accept: 'application/json' } }).then(async (me) => ((await me.json()) as { csrf: string }).csrf);
  let answer: Response;
  try {
    answer = await fetch(url, {
      method,
      headers: { accept: 'application/json', 'content-type': 'application/json', 'x-csrf': await csrf },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(PATIENCE),
    });
  } catch {
    csrf = undefined;
    throw new AskProblem(0, 'The portal cannot be reached. Nothing was sent, or its answer was lost.');
  }

  const said = (await answer.json().catch(() => null)) as (T & { detail?: string; position?: number | null; present?: unknown }) | null;
  if (answer.ok) {
    return said;
  }

  throw new Refused(answer.status, said?.detail ?? `The portal answered ${answer.status}.`, said?.position ?? null, said?.present ?? null);
}
