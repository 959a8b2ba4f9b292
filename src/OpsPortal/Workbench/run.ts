import { ask, AskProblem } from '../Fleet/Train/ask';
import { Refused, send } from './calls';
import { hasEnded, type Query } from './wire';

const SOON = 200;
const LATER = 1_000;

export interface Follower {
  /** Follows a query until it has ended; another one before that is let go. */
  follow(id: string): void;
  stop(): void;
}

/** Asks a query and gives its id. */
export async function start(sql: string, parameters: Record<string, unknown>, isOverride: boolean): Promise<string> {
  return (await send<{ id: string }>('POST', '/api/queries', { sql, parameters, ...(isOverride ? { override: true } : {}) }))!.id;
}

export async function cancel(id: string): Promise<void> {
  try {
    await send('DELETE', `/api/queries/${id}`);
  } catch (problem) {
    if (!(problem instanceof Refused && problem.status === 404)) {
      throw problem;
    }
  }
}

/** Tells how far a query is, again and again. Away from the portal it goes on trying: the query runs there meanwhile. */
export function makeFollower(told: (query: Query) => void, lost: (words: string, isGone: boolean) => void): Follower {
  let following: string | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  async function turn(id: string, turns: number): Promise<void> {
    try {
      const query = await ask<Query>(`/api/queries/${id}`);
      if (following !== id) {
        return;
      }

      told(query);
      if (hasEnded(query.state)) {
        following = null;
        return;
      }
    } catch (problem) {
      if (following !== id) {
        return;
      }

      const isGone = problem instanceof AskProblem && problem.status >= 400 && problem.status < 500 && problem.status !== 429;
      lost((problem as Error).message, isGone);
      if (isGone) {
        following = null;
        return;
      }
    }

    timer = setTimeout(() => void turn(id, turns + 1), turns < 10 ? SOON : LATER);
  }

  return {
    follow(id) {
      clearTimeout(timer);
      following = id;
      void turn(id, 0);
    },
    stop() {
      clearTimeout(timer);
      following = null;
    },
  };
}
