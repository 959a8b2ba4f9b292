import { ask } from '../Fleet/Train/ask';
import type { Cell, Rows } from './wire';

const PIECE = 10_000;

/** Loads every row of a result that is kept, once; sorting, filtering and charts share them. */
export function makeAllRows(): { load(query: string, count: number, told: (loaded: number) => void): Promise<Cell[][]>; forget(): void } {
  let known: { query: string; count: number; rows: Promise<Cell[][]> } | null = null;
  let stop = new AbortController();
  async function loadAll(query: string, count: number, told: (loaded: number) => void, stopped: AbortSignal): Promise<Cell[][]> {
    const rows: Cell[][] = [];
    while (rows.length < count) {
      const piece = await ask<Rows>(`/api/queries/${query}/rows?from=${rows.length}&limit=${Math.min(PIECE, count - rows.length)}`, stopped);
      if (piece.rows.length === 0) {
        break;
      }

      rows.push(...piece.rows);
      told(rows.length);
    }

    return rows;
  }

  return {
    load(query, count, told) {
      if (known?.query !== query || known.count !== count) {
        stop.abort();
        stop = new AbortController();
        const rows = loadAll(query, count, told, stop.signal);
        const mine = { query, count, rows };
        known = mine;
        rows.catch(() => {
          // Not kept: the next question tries again.
          known = known === mine ? null : known;
        });
      }

      return known.rows;
    },
    forget() {
      stop.abort();
      known = null;
    },
  };
}
