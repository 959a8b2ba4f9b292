import { watchTheme } from '../../Layout/theme';
import { note } from './note';
import { Plot, type PlotActs } from './plot';
import { readColours } from './plotMarks';
import { ask } from './ask';
import { bounds, type Range, resolution } from './range';
import { Series } from './series';
import type { Anomaly, Readings, Sensor } from './wire';

// Milliseconds between two renewals of what follows now: a window is kept every 10 s.
const TAIL_EVERY = 10_000;
// A plot that follows now moves on by about a pixel at a time, within these milliseconds.
const PIXELS = 800;
const FASTEST = 900;
const SLOWEST = 10_000;
// How many sensors are asked about at once.
const AT_ONCE = 4;

interface Kept {
  plot: Plot;
  series: Series;
  /** Range and fineness of what was loaded in whole; null before that. */
  loaded: string | null;
  loadedAt: number;
  asOf: number | null;
  problem: string | null;
  limited: string | null;
  /** What the picture was drawn from, and when: drawing is dear. */
  drawn: string;
  drawnAt: number;
  isAsking: boolean;
  isSeen: boolean;
}

export interface PlotsShown {
  range: Range;
  now: number;
  anomalies: readonly Anomaly[];
  chosen: string | null;
}

/** A plot for every sensor, one below the other; asks only for what somebody can see. */
export class Plots {
  readonly #kept = new Map<string, Kept>();
  readonly #observer = new IntersectionObserver((entries) => this.#seen(entries), { rootMargin: '300px' });
  #colours = readColours();
  #cancel = new AbortController();
  #shown: PlotsShown | null = null;
  #asking = 0;

  constructor(private readonly list: HTMLElement, private readonly trainId: string, private readonly acts: PlotActs) {
    watchTheme(() => {
      this.#colours = readColours();
      this.#kept.forEach((kept) => kept.plot.recolour());
    });
  }

  /** Makes plots for sensors that are new; takes their newest values in. */
  take(sensors: readonly Sensor[]): void {
    for (const sensor of sensors) {
      let kept = this.#kept.get(sensor.id);
      if (kept === undefined) {
        const plot = new Plot(sensor, () => this.#colours, this.acts);
        kept = { plot, series: new Series(), loaded: null, loadedAt: 0, asOf: null, problem: null, limited: null, drawn: '', drawnAt: 0, isAsking: false, isSeen: false };
        this.#kept.set(sensor.id, kept);
        this.list.append(plot.element);
        note(plot.words, 'loading', null, 0);
        this.#observer.observe(plot.element);
      }

      if (sensor.value !== null) {
        kept.series.append(Date.parse(sensor.measuredAt) / 1000, sensor.value);
      }
    }
  }

  show(shown: PlotsShown): void {
    if (this.#shown?.range.length !== shown.range.length || this.#shown.range.end !== shown.range.end) {
      // What was asked for another range is not wanted any more.
      this.#cancel.abort();
      this.#cancel = new AbortController();
      // Nor is an old failure a reason to wait.
      this.#kept.forEach((kept) => (kept.problem = null));
    }

    this.#shown = shown;
    this.#kept.forEach((kept) => this.#draw(kept));
    this.#askNext();
  }

  /** Why the plots do not show the whole range, or null: the same for all, so said once. */
  get limited(): string | null {
    return [...this.#kept.values()].find((kept) => kept.loaded === this.#key() && kept.limited !== null)?.limited ?? null;
  }

  /** Brings a sensor's plot into view. */
  focus(sensor: string): void {
    const element = this.#kept.get(sensor)?.plot.element;
    element?.scrollIntoView({ block: 'center', behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' });
    element?.focus({ preventScroll: true });
    this.#kept.forEach((kept, id) => kept.plot.element.toggleAttribute('data-selected', id === sensor));
  }

  #seen(entries: readonly IntersectionObserverEntry[]): void {
    for (const entry of entries) {
      const kept = this.#kept.get((entry.target as HTMLElement).dataset['sensor']!)!;
      kept.isSeen = entry.isIntersecting;
      kept.drawn = '';
      this.#draw(kept);
    }

    this.#askNext();
  }

  #draw(kept: Kept): void {
    if (this.#shown === null || !kept.isSeen) {
      return;
    }

    // Seen anew: as good as never drawn.
    const picture = [this.#key(), kept.loaded, kept.loadedAt, kept.problem, this.#shown.anomalies.length, this.#shown.anomalies[0]?.id, this.#shown.chosen].join(' ');
    const isMoving = this.#shown.range.end === null && this.#shown.now - kept.drawnAt > Math.min(SLOWEST, Math.max(FASTEST, this.#shown.range.length / PIXELS));
    if (kept.drawn === picture && !isMoving) {
      return;
    }

    Object.assign(kept, { drawn: picture, drawnAt: this.#shown.now });

    const { range, now, anomalies, chosen } = this.#shown;
    const { from, to } = bounds(range, now);
    if (kept.loaded !== null) {
      if (range.end === null) {
        kept.series.trim(from / 1000, to / 1000 + 60);
      }

      kept.plot.show({ series: kept.series, from, to, anomalies, chosen });
    }

    const isWanted = kept.loaded === this.#key();
    const state = kept.problem !== null ? 'error' : !isWanted ? 'loading' : kept.series.all().length === 0 ? 'empty' : 'ready';
    // The time is said once, above all plots; here only what is special.
    note(kept.plot.words, state, state === 'error' ? kept.asOf : null, now, kept.problem ?? (state === 'empty' ? 'Nothing was kept in this range.' : ''));
  }

  #key(): string {
    const { range } = this.#shown!;
    return `${range.length} ${range.end}`;
  }

  #askNext(): void {
    if (this.#shown === null) {
      return;
    }

    for (const kept of this.#kept.values()) {
      const isWhole = kept.loaded !== this.#key();
      const isDue = isWhole ? kept.problem === null || performance.now() - kept.loadedAt > TAIL_EVERY : this.#shown.range.end === null && performance.now() - kept.loadedAt > TAIL_EVERY;
      if (this.#asking < AT_ONCE && kept.isSeen && !kept.isAsking && isDue) {
        void this.#ask(kept, isWhole);
      }
    }
  }

  async #ask(kept: Kept, isWhole: boolean): Promise<void> {
    const { range, now } = this.#shown!;
    const key = this.#key();
    const cancelled = this.#cancel.signal;
    const step = resolution(range.length);
    const { from, to } = bounds(range, now);
    const tail = (kept.series.packedUntil() - 3 * kept.series.resolution) * 1000;
    const start = isWhole || !Number.isFinite(tail) ? from : Math.max(from, tail);
    const iso = (time: number) => new Date(time).toISOString();
    const query = new URLSearchParams({ sensor: kept.plot.sensor.id, from: iso(Math.floor(start / step) * step), to: iso(to), resolution: `${step / 1000}s` });
    kept.isAsking = true;
    this.#asking++;
    try {
      const answer = await ask<Readings>(`/api/trains/${encodeURIComponent(this.trainId)}/readings?${query}`, cancelled);
      if (isWhole) {
        kept.series.clear();
        kept.limited = answer.limited;
      }

      kept.series.take(answer);
      Object.assign(kept, { loaded: key, asOf: Date.parse(answer.asOf), problem: null });
    } catch (problem) {
      if (!cancelled.aborted) {
        kept.problem = (problem as Error).message;
      }
    }

    kept.isAsking = false;
    kept.loadedAt = cancelled.aborted ? 0 : performance.now();
    this.#asking--;
    this.#draw(kept);
    kept.plot.describe();
    this.#askNext();
  }
}
