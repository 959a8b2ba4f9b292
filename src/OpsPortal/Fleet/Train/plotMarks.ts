import type uPlot from 'uplot';
import type { Span } from './series';
import { MAIN_SHARE } from './sensorState';
import type { Anomaly } from './wire';

/** What is drawn below and above a plot's lines. */
export interface Marks {
  sensor: string;
  spans: readonly Span[];
  anomalies: readonly Anomaly[];
  chosen: string | null;
}

export interface Colours {
  line: string;
  band: string;
  usual: string;
  grid: string;
  text: string;
  anomaly: string;
  chosen: string;
  late: string;
  empty: string;
  ground: string;
  font: string;
}

/** The plot's colours from the theme in force. */
export function readColours(): Colours {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(name).trim();
  return {
    line: of('--accent'), band: of('--plot-band'), usual: of('--plot-usual'), grid: of('--line'), text: of('--text-soft'), anomaly: of('--critical'), chosen: of('--focus'),
    late: of('--stale'), empty: of('--line-strong'), ground: of('--surface'), font: of('--font'),
  };
}

/** Shades spans: late ones lightly with a bar at the foot, those without data hatched. */
export function drawSpans(plot: uPlot, marks: Marks, colours: Colours): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  for (const span of marks.spans) {
    const left = plot.valToPos(span.from, 'x', true);
    const width = Math.max(1, plot.valToPos(span.to, 'x', true) - left);
    if (span.kind === 'arrivedLate') {
      ctx.globalAlpha = 0.1;
      ctx.fillStyle = colours.late;
      ctx.fillRect(left, bbox.top, width, bbox.height);
      ctx.globalAlpha = 0.9;
      const bar = 3 * devicePixelRatio;
      ctx.fillRect(left, bbox.top + bbox.height - bar, width, bar);
      ctx.globalAlpha = 1;
    } else {
      hatch(ctx, Math.max(left, bbox.left), bbox.top, Math.min(left + width, bbox.left + bbox.width), bbox.height, colours.empty);
    }
  }

  ctx.restore();
}

function hatch(ctx: CanvasRenderingContext2D, left: number, top: number, right: number, height: number, colour: string): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(left, top, right - left, height);
  ctx.clip();
  ctx.strokeStyle = colour;
  ctx.lineWidth = devicePixelRatio;
  ctx.beginPath();
  const step = 8 * devicePixelRatio;
  for (let x = left - height; x < right; x += step) {
    ctx.moveTo(x, top + height);
    ctx.lineTo(x + height, top);
  }

  ctx.stroke();
  ctx.restore();
}

/** Marks anomalies: a tick at the top in every plot; where this sensor has a share, observed as a dot and expected as a ring. */
export function drawAnomalies(plot: uPlot, marks: Marks, colours: Colours): void {
  const { ctx, bbox } = plot;
  const unit = devicePixelRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.lineWidth = 1.5 * unit;
  for (const anomaly of [...marks.anomalies].sort((a, b) => Number(a.id === marks.chosen) - Number(b.id === marks.chosen))) {
    const x = plot.valToPos(Date.parse(anomaly.measuredAt) / 1000, 'x', true);
    const isChosen = anomaly.id === marks.chosen;
    const share = anomaly.shares.find((candidate) => candidate.sensor === marks.sensor);
    ctx.strokeStyle = ctx.fillStyle = isChosen ? colours.chosen : colours.anomaly;
    ctx.globalAlpha = isChosen || share !== undefined ? 1 : 0.45;
    ctx.beginPath();
    ctx.moveTo(x - 4 * unit, bbox.top);
    ctx.lineTo(x + 4 * unit, bbox.top);
    ctx.lineTo(x, bbox.top + 7 * unit);
    ctx.fill();
    if (isChosen) {
      ctx.fillRect(x - unit / 2, bbox.top, unit, bbox.height);
    }

    // A fault makes an anomaly every second: dots only where this sensor is what they are about, or one was chosen.
    if (share !== undefined && share.observed !== null && (isChosen || anomaly.shares[0] === share || (share.share ?? 0) >= MAIN_SHARE)) {
      drawShare(plot, x, share.observed, share.expected, isChosen, colours.ground);
    }
  }

  ctx.restore();
}

function drawShare(plot: uPlot, x: number, observed: number, expected: number | null, isChosen: boolean, ground: string): void {
  const { ctx } = plot;
  const unit = devicePixelRatio;
  const radius = (isChosen ? 4 : 2.2) * unit;
  const seen = plot.valToPos(observed, 'y', true);
  if (expected !== null) {
    const usual = plot.valToPos(expected, 'y', true);
    // Anomalies stand a second apart: only the chosen one is joined to what was expected, or nothing could be seen.
    if (isChosen) {
      ctx.beginPath();
      ctx.moveTo(x, seen);
      ctx.lineTo(x, usual);
      ctx.stroke();
    }

    ctx.beginPath();
    ctx.arc(x, usual, radius, 0, 2 * Math.PI);
    const colour = ctx.fillStyle;
    ctx.fillStyle = ground;
    ctx.fill();
    ctx.stroke();
    ctx.fillStyle = colour;
  }

  ctx.beginPath();
  ctx.arc(x, seen, radius, 0, 2 * Math.PI);
  ctx.fill();
}
