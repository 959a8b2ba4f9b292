import uPlot from 'uplot';
import { asOf } from '../../Layout/clock';
import { make, mark, say } from '../../Layout/dom';
import { zone, zoned } from '../../Layout/zone';
import { columns, type Point, type Series, usualBand } from './series';
import { type Colours, drawAnomalies, drawSpans, type Marks } from './plotMarks';
import type { Anomaly, Sensor } from './wire';
import { valueWords } from './sensorState';

/** All plots with this key share the cursor. */
const SYNC = 'train';
const HEIGHT = 148;
// The same for every plot, so that the time axes stand exactly below each other.
const SCALE_WIDTH = 58;
// How near to an anomaly a click counts as meaning it, in pixels.
const NEAR = 10;

export interface PlotActs {
  zoom(fromMs: number, toMs: number): void;
  choose(anomaly: Anomaly): void;
}

export interface PlotShown {
  series: Series;
  from: number;
  to: number;
  anomalies: readonly Anomaly[];
  chosen: string | null;
}

/** One sensor's plot on the shared time axis. */
export class Plot {
  readonly element = make('section', 'plot');
  readonly words = make('p', 'note');
  readonly #canvas = make('div', 'canvas');
  readonly #reading = make('p', 'reading');
  readonly #marks: Marks;
  readonly #observer: ResizeObserver;
  #plot: uPlot | null = null;
  #points: Point[] = [];
  #shown: PlotShown | null = null;

  constructor(readonly sensor: Sensor, private readonly colours: () => Colours, private readonly acts: PlotActs) {
    this.#marks = { sensor: sensor.id, spans: [], anomalies: [], chosen: null };
    this.element.id = `plot-${sensor.id}`;
    this.element.dataset['sensor'] = sensor.id;
    this.element.tabIndex = -1;
    this.element.setAttribute('aria-label', `Plot of ${sensor.words}`);
    const head = this.element.appendChild(make('header'));
    head.append(make('h3', '', sensor.words), make('span', 'unit', sensor.unit), this.#reading, this.words);
    this.#canvas.setAttribute('role', 'img');
    this.#canvas.setAttribute('aria-label', `${sensor.words}: nothing loaded yet`);
    this.element.append(this.#canvas);
    this.#observer = new ResizeObserver(() => this.#plot?.setSize({ width: this.#canvas.clientWidth, height: HEIGHT }));
    this.#observer.observe(this.#canvas);
  }

  /** Draws the range; made only when it is first drawn, as many plots are never seen. */
  show(shown: PlotShown): void {
    this.#shown = shown;
    this.#points = shown.series.all();
    Object.assign(this.#marks, { spans: shown.series.spans, anomalies: shown.anomalies, chosen: shown.chosen });
    const data = columns(this.#points, shown.series.spans, usualBand(this.#points)) as uPlot.AlignedData;
    if (this.#plot === null) {
      this.#plot = new uPlot(this.#options(), data, this.#canvas);
      this.#plot.over.addEventListener('click', (event) => this.#click(event));
    } else {
      this.#plot.setData(data, false);
    }

    this.#plot.setScale('x', { min: shown.from / 1000, max: shown.to / 1000 });
    mark(this.element, { points: String(this.#points.length), anomalies: String(this.#own().length), late: String(this.#points.filter((point) => point.late).length) });
    this.#read();
  }

  /** Says in words what the picture shows; not at every new value. */
  describe(): void {
    if (this.#shown === null) {
      return;
    }

    const { sensor } = this;
    const value = (of: number) => valueWords(of, sensor.unit, sensor.decimals);
    const bounds = this.#points.length === 0 ? 'no data' : `lowest ${value(Math.min(...this.#points.map((point) => point.min)))}, highest ${value(Math.max(...this.#points.map((point) => point.max)))}`;
    const until = new Date(this.#shown.to);
    const begins = asOf(new Date(this.#shown.from), until);
    this.#canvas.setAttribute('aria-label', `${sensor.words}, ${begins} to ${asOf(until, until)}: ${bounds}; ${this.#own().length} anomalies of this sensor`);
  }

  /** Takes the theme's colours anew. */
  recolour(): void {
    this.#plot?.destroy();
    this.#plot = null;
    if (this.#shown !== null) {
      this.show(this.#shown);
    }
  }

  remove(): void {
    this.#observer.disconnect();
    this.#plot?.destroy();
    this.element.remove();
  }

  #own(): Anomaly[] {
    return this.#marks.anomalies.filter((anomaly) => anomaly.shares.some((share) => share.sensor === this.sensor.id));
  }

  // Observed and expected of the anomalies in the range: they belong into the picture.
  #seenValues(): (number | null)[] {
    const { from, to } = this.#shown!;
    return this.#own().filter((anomaly) => Date.parse(anomaly.measuredAt) >= from && Date.parse(anomaly.measuredAt) <= to)
      .flatMap((anomaly) => anomaly.shares.filter((share) => share.sensor === this.sensor.id).flatMap((share) => [share.observed, share.expected]));
  }

  // What stands under the cursor, or else the newest: always the same place, always the same width.
  #read(): void {
    const at = this.#plot?.cursor.idx;
    const time = at === null || at === undefined ? undefined : this.#plot!.data[0][at];
    const point = time === undefined ? this.#points.at(-1) : this.#points.find((candidate) => candidate.at === time);
    if (point === undefined) {
      return say(this.#reading, time === undefined ? '' : 'no data here');
    }

    const value = (of: number) => of.toFixed(this.sensor.decimals);
    const bounds = point.min === point.max ? '' : ` (${value(point.min)} to ${value(point.max)})`;
    say(this.#reading, `${value(point.mean)}${bounds} at ${zoned(new Date(point.at * 1000), zone()).time}${point.late ? ', arrived late' : ''}`);
  }

  #click(event: MouseEvent): void {
    const plot = this.#plot!;
    const x = event.clientX - plot.over.getBoundingClientRect().left;
    const distance = (anomaly: Anomaly) => Math.abs(plot.valToPos(Date.parse(anomaly.measuredAt) / 1000, 'x') - x);
    const nearest = [...this.#marks.anomalies].sort((a, b) => distance(a) - distance(b))[0];
    if (nearest !== undefined && distance(nearest) <= NEAR) {
      this.acts.choose(nearest);
    }
  }

  #options(): uPlot.Options {
    const colours = this.colours();
    const font = `11px ${colours.font}`;
    const axis: uPlot.Axis = { stroke: colours.text, font, grid: { stroke: colours.grid, width: 1 }, ticks: { show: false } };
    const line = (stroke: string, width: number): uPlot.Series => ({ stroke, width, points: { show: false }, spanGaps: false });
    return {
      width: this.#canvas.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      padding: [8, 10, 0, 0],
      tzDate: (at) => uPlot.tzDate(new Date(at * 1000), zone()),
      cursor: { sync: { key: SYNC, setSeries: false }, drag: { x: true, y: false, setScale: false }, points: { show: false }, y: false },
      scales: { x: { time: true, auto: false }, y: { range: (_, min, max) => roomy([min, max, ...this.#seenValues()]) } },
      axes: [
        { ...axis, space: 70, size: 24, values: (_, splits, __, ___, step) => splits.map((split) => timeWords(split, step)) },
        { ...axis, space: 30, size: SCALE_WIDTH },
      ],
      series: [
        {},
        line('transparent', 0),
        line('transparent', 0),
        line(colours.line, 1.6),
        // A fault widens what is usual so much that it must not set the scale.
        { ...line(colours.usual, 1), dash: [4, 4], auto: false },
        { ...line(colours.usual, 1), dash: [4, 4], auto: false },
      ],
      bands: [{ series: [1, 2], fill: colours.band }],
      hooks: {
        drawClear: [(plot) => drawSpans(plot, this.#marks, colours)],
        draw: [(plot) => drawAnomalies(plot, this.#marks, colours)],
        setCursor: [() => this.#read()],
        setSelect: [(plot) => this.#selected(plot)],
      },
    };
  }

  #selected(plot: uPlot): void {
    const { left, width } = plot.select;
    // The same selection is told to every plot: the one it was drawn on answers.
    if (width > 4 && plot.cursor.event?.target === plot.over) {
      this.acts.zoom(plot.posToVal(left, 'x') * 1000, plot.posToVal(left + width, 'x') * 1000);
    }

    if (width > 0) {
      plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    }
  }
}

/** A scale with some room above and below; a value that never changes still gets a scale. */
function roomy(values: readonly (number | null)[]): [number, number] {
  const known = values.filter((value): value is number => value !== null && Number.isFinite(value));
  if (known.length === 0) {
    return [0, 1];
  }

  const [min, max] = [Math.min(...known), Math.max(...known)];
  const room = max - min === 0 ? Math.max(0.5, Math.abs(max) * 0.05) : (max - min) * 0.12;
  return [min - room, max + room];
}

/** "20:58" in the operator's zone, with seconds or the day where the ticks are that fine or coarse. */
function timeWords(at: number, step: number): string {
  const { date, time } = zoned(new Date(at * 1000), zone());
  const [, month, day] = date.split('-').map(Number);
  return step >= 86_400 ? `${day}.${month}.` : step < 60 ? time : time.slice(0, 5);
}
