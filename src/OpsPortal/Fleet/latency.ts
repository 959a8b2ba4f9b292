import type { TrainOnMap } from './fleet';

/** Measures the time from a train's measurement to its being shown, in the server's time so that a wrong browser clock does not matter. */
export class Latency {
  readonly #offsets: number[] = [];
  readonly #values: number[] = [];

  /** @param keep over how many frames the median is taken. */
  constructor(private readonly keep = 10) {}

  /** Hears the server's time, with each frame as it arrives and before anything of it is shown: ages are nobody's but the server's. */
  hear(frameAt: number, arrivedAt: number): void {
    push(this.#offsets, frameAt - arrivedAt, 60);
  }

  /** Takes the frame that has just been shown. Only trains that are online count: late data is late for another reason. */
  take(shownAt: number, trains: Iterable<Pick<TrainOnMap, 'connectivity' | 'measuredAt'>>): void {
    const ages = [...trains]
      .filter((train) => train.connectivity === 'online' && train.measuredAt !== null)
      .map((train) => this.serverTime(shownAt) - train.measuredAt!);
    const value = median(ages);
    if (value !== null) {
      push(this.#values, Math.max(0, value), this.keep);
    }
  }

  /** Median of the last frames, or null before the first. */
  median(): number | null {
    return median(this.#values);
  }

  /** Server's time for a moment of this browser's clock. The frame that travelled fastest tells the clocks apart best. */
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
