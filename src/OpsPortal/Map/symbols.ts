import type { Connectivity, Severity } from '../Feed/frames';
import type { Colours } from './colours';

/** What a train looks like: the plate behind (upright, its shape says how bad) and the pointer on it (turned to the heading). */
export interface TrainSymbol {
  plate: Severity | 'none';
  /** Whether the plate is filled: only what is current and online is. */
  filled: boolean;
  pointer: Connectivity;
  /** A train that does not say its heading gets a dot instead of an arrow. */
  turned: boolean;
}

/** Chooses the symbol. What is not current is never drawn as online. */
export function symbolOf(train: { connectivity: Connectivity; worstAlert: Severity | null; heading: number | null }, isCurrent: boolean): TrainSymbol {
  const pointer = isCurrent ? train.connectivity : 'unknown';
  return { plate: train.worstAlert ?? 'none', filled: pointer === 'online', pointer, turned: train.heading !== null };
}

/** Names of the two images that make the symbol. */
export function imageNames(symbol: TrainSymbol): { plate: string; pointer: string } {
  const onPlate = symbol.plate !== 'none' && symbol.filled ? 'on' : 'bare';
  return {
    plate: `plate-${symbol.plate}-${symbol.filled ? 'filled' : 'hollow'}`,
    pointer: `pointer-${symbol.pointer}-${symbol.turned ? 'turned' : 'dot'}-${onPlate}`,
  };
}

export const RATIO = 2;
const SIZE = 40;

/** Every image that imageNames can name, painted in the given colours. */
export function paintSymbols(colours: Colours): Map<string, ImageData> {
  const images = new Map<string, ImageData>();
  for (const plate of ['none', 'critical', 'warning', 'watch'] as const) {
    for (const filled of [true, false]) {
      images.set(`plate-${plate}-${filled ? 'filled' : 'hollow'}`, paint((context) => paintPlate(context, plate, filled, colours)));
    }
  }

  for (const pointer of ['online', 'stale', 'offline', 'unknown'] as const) {
    for (const turned of [true, false]) {
      for (const onPlate of [true, false]) {
        images.set(`pointer-${pointer}-${turned ? 'turned' : 'dot'}-${onPlate ? 'on' : 'bare'}`, paint((context) => paintPointer(context, pointer, turned, onPlate, colours)));
      }
    }
  }

  return images;
}

function paint(draw: (context: CanvasRenderingContext2D) => void): ImageData {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = SIZE * RATIO;
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  context.scale(RATIO, RATIO);
  context.translate(SIZE / 2, SIZE / 2);
  context.lineJoin = context.lineCap = 'round';
  draw(context);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

function paintPlate(context: CanvasRenderingContext2D, plate: Severity | 'none', filled: boolean, colours: Colours): void {
  if (plate === 'none') {
    return;
  }

  const shape = { critical: diamond, warning: triangle, watch: disc }[plate];
  shape(context);
  context.lineWidth = 5;
  context.strokeStyle = colours.halo;
  context.stroke();
  context.fillStyle = filled ? colours[plate] : colours.halo;
  context.fill();
  context.lineWidth = filled ? 1 : 2;
  context.strokeStyle = colours[plate];
  context.setLineDash(filled ? [] : [4, 3.5]);
  context.stroke();
}

function paintPointer(context: CanvasRenderingContext2D, pointer: Connectivity, turned: boolean, onPlate: boolean, colours: Colours): void {
  const scale = onPlate ? 0.72 : 1;
  context.scale(scale, scale);
  (turned ? arrow : dot)(context);
  if (!onPlate) {
    context.lineWidth = 4.5;
    context.strokeStyle = colours.halo;
    context.stroke();
  }

  if (pointer === 'online') {
    context.fillStyle = onPlate ? colours['on-mark'] : colours.online;
    context.fill();
    return;
  }

  // Hollow: nothing filled may look healthy.
  context.fillStyle = colours.halo;
  context.fill();
  context.lineWidth = 2.1;
  context.strokeStyle = colours[pointer];
  context.setLineDash(pointer === 'stale' ? [3.2, 3] : pointer === 'unknown' ? [1, 3] : []);
  context.stroke();
  context.setLineDash([]);
  if (pointer === 'offline') {
    cross(context);
    context.stroke();
  }
}

function arrow(context: CanvasRenderingContext2D): void {
  context.beginPath();
  context.moveTo(0, -10);
  context.lineTo(7, 8);
  context.lineTo(0, 4.2);
  context.lineTo(-7, 8);
  context.closePath();
}

function dot(context: CanvasRenderingContext2D): void {
  context.beginPath();
  context.arc(0, 0, 6, 0, 2 * Math.PI);
  context.closePath();
}

function cross(context: CanvasRenderingContext2D): void {
  context.beginPath();
  context.moveTo(-9, -9);
  context.lineTo(9, 9);
  context.moveTo(9, -9);
  context.lineTo(-9, 9);
}

function diamond(context: CanvasRenderingContext2D): void {
  context.beginPath();
  context.moveTo(0, -17);
  context.lineTo(17, 0);
  context.lineTo(0, 17);
  context.lineTo(-17, 0);
  context.closePath();
}

function triangle(context: CanvasRenderingContext2D): void {
  context.beginPath();
  context.moveTo(0, -17.5);
  context.lineTo(17, 12);
  context.lineTo(-17, 12);
  context.closePath();
}

function disc(context: CanvasRenderingContext2D): void {
  context.beginPath();
  context.arc(0, 0, 13, 0, 2 * Math.PI);
  context.closePath();
}
