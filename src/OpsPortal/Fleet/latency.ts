import type { TrainOnMap } from './fleet';

/** Measures the time from a train's measurement to its being shown, in the server's time so that a wrong browser clock does not matter. */
export class Latency {
  readonly #offsets: number[] = [];
  readonly #values: number[] = [];

  /** @param keep over how many frames the median is taken. */
  constructor(private readonly keep = 10) {}

  /** Takes one frame that has just been shown. Only trains that are online count: late data is late for another reason. */
  take(frameAt: number, arrivedAt: number, shownAt: number, trains: Iterable<Pick<TrainOnMap, 'connectivity' | 'measuredAt'>>): void {
    // The frame that travelled fastest tells the clocks apart best.
    push(this.#offsets, frameAt - arrivedAt, 60);
    const offset = Math.max(...this.#offsets);
    const ages = [...trains]
      .filter((train) => train.connectivity === 'online' && train.measuredAt !== null)
      .map((train) => shownAt + offset - train.measuredAt!);
    const value = median(ages);
    if (value !== null) {
      push(this.#values, Math.max(0, value), this.keep);
    }
  }

  /** Median of the last frames, or null before the first. */
  median(): number | null {
    return median(this.#values);
  }

  /** Server's time for a moment of this browser's clock. */
  serverTime(browser: number): number {
    return this.#offsets.length === 0 ? browser : browser + Math.max(...this.#offsets);
  }
}

/** The middle value, or null when there is none. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) {
    return null;
  }

  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

function push(values: number[], value: number, keep: number): void {
  values.push(value);
  if (values.length > keep) {
    values.shift();
  }
}
