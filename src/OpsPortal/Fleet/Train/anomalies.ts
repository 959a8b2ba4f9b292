import { ask, type Asking, keepAsking } from './ask';
import { bounds, type Range } from './range';
import type { Anomaly, List } from './wire';

const EVERY = 10_000;
const MOST = 1_000;

/** The train's anomalies in the range shown, and the one chosen, which may lie outside. */
export class Anomalies {
  all: readonly Anomaly[] = [];
  chosen: Anomaly | null = null;
  asOf: number | null = null;
  problem: string | null = null;
  limited: string | null = null;
  isLoaded = false;
  readonly #asking: Asking;
  #isPicked = false;

  constructor(private readonly trainId: string, private readonly range: () => { range: Range; now: number }, wanted: { id: string; at: string } | null, private readonly changed: () => void) {
    if (wanted !== null) {
      this.#isPicked = true;
      void this.#find(wanted);
    }

    this.#asking = keepAsking(() => this.#ask(), EVERY);
  }

  /** Something has changed: asks at once. */
  renew(): void {
    this.#asking.now();
  }

  choose(anomaly: Anomaly): void {
    this.chosen = anomaly;
    this.#isPicked = true;
    this.changed();
  }

  /** Whether somebody chose it; otherwise it is simply the strongest. */
  get isPicked(): boolean {
    return this.#isPicked && this.chosen !== null;
  }

  get place(): number {
    return this.all.findIndex((anomaly) => anomaly.id === this.chosen?.id);
  }

  step(by: number): void {
    const next = this.all[this.place + by];
    if (next !== undefined) {
      this.choose(next);
    }
  }

  async #ask(): Promise<void> {
    const { range, now } = this.range();
    const { from, to } = bounds(range, now);
    try {
      const list = await this.#list(from, range.end === null ? null : to, MOST);
      this.all = list.items;
      this.asOf = list.asOf === null ? null : Date.parse(list.asOf);
      this.limited = list.next === null ? null : `The newest ${MOST} of the range; a shorter range shows the others.`;
      this.problem = null;
      this.isLoaded = true;
      if (!this.#isPicked) {
        this.chosen = strongest(this.all);
      }
    } catch (problem) {
      this.problem = (problem as Error).message;
      throw problem;
    } finally {
      this.changed();
    }
  }

  // By its moment: there is no asking by id alone, and ids say nothing about time.
  async #find({ id, at }: { id: string; at: string }): Promise<void> {
    try {
      const time = Date.parse(at);
      this.chosen ??= (await this.#list(time, time + 1_000, MOST)).items.find((anomaly) => anomaly.id === id) ?? null;
    } catch {
      // The list, asked again and again, says what is wrong.
    }

    this.#isPicked = this.chosen !== null;
    this.changed();
  }

  #list(from: number, to: number | null, limit: number): Promise<List<Anomaly>> {
    const query = new URLSearchParams({ train: this.trainId, from: new Date(from).toISOString(), limit: String(limit) });
    if (to !== null) {
      query.set('to', new Date(to).toISOString());
    }

    return ask<List<Anomaly>>(`/api/anomalies?${query}`);
  }
}

/** The one that says most about what is wrong: the highest grade, then the highest score, then the newest. */
export function strongest(anomalies: readonly Anomaly[]): Anomaly | null {
  const [first, ...rest] = anomalies;
  return rest.reduce((best, other) => ((other.grade ?? 0) - (best?.grade ?? 0) || (other.score ?? 0) - (best?.score ?? 0)) > 0 ? other : best, first ?? null);
}
