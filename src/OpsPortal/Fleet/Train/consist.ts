/** Where a sensor sits, read from its id: car3.axle2.right, car3.bogie1, car4. */
export interface Place {
  car: number;
  axle: number | null;
  bogie: number | null;
  side: 'left' | 'right' | null;
}

export interface Spot {
  id: string;
  x: number;
  y: number;
}

export interface Consist {
  width: number;
  height: number;
  cars: { number: number; x: number }[];
  spots: Spot[];
}

// Drawing units of one car seen from above.
export const CAR = { width: 132, height: 84, gap: 10, axles: [20, 40, 92, 112], bogies: [30, 102], edge: 6 } as const;
// Where what belongs to a whole car stands: rows and columns between its bogies and, when these are full, over them.
const STEP = 26;
const COLUMNS = 3;

/** Reads the place out of an id; what names no car is in car 1. */
export function placeOf(id: string): Place {
  const number = (name: string) => {
    const found = new RegExp(`(?:^|\\.)${name}(\\d+)(?:\\.|$)`).exec(id);
    return found === null ? null : Number(found[1]);
  };
  const side = /\.(left|right)$/.exec(id)?.[1] as Place['side'] | undefined;
  return { car: Math.max(1, number('car') ?? 1), axle: number('axle'), bogie: number('bogie'), side: side ?? null };
}

/** Places every sensor on its car. As many cars as the train is known to have, or as its sensors name. */
export function layOut(ids: readonly string[], known: number | null): Consist {
  const places = new Map(ids.map((id) => [id, placeOf(id)]));
  const count = Math.max(1, known ?? 0, ...[...places.values()].map((place) => place.car));
  const whole = new Map<number, string[]>();
  places.forEach((place, id) => {
    if (place.axle === null && place.bogie === null) {
      whole.set(place.car, [...(whole.get(place.car) ?? []), id]);
    }
  });
  const cars = Array.from({ length: count }, (_, i) => ({ number: i + 1, x: i * (CAR.width + CAR.gap) }));
  return {
    width: count * (CAR.width + CAR.gap) - CAR.gap,
    height: CAR.height,
    cars,
    spots: [...places].map(([id, place]) => ({ id, ...spot(place, cars[place.car - 1]!.x, whole.get(place.car) ?? [], id) })),
  };
}

function spot(place: Place, x: number, ofCar: readonly string[], id: string): { x: number; y: number } {
  const middle = CAR.height / 2;
  if (place.axle !== null) {
    const along = CAR.axles[Math.min(4, Math.max(1, place.axle)) - 1]!;
    return { x: x + along, y: place.side === null ? middle : place.side === 'left' ? CAR.edge : CAR.height - CAR.edge };
  }

  if (place.bogie !== null) {
    return { x: x + CAR.bogies[Math.min(2, Math.max(1, place.bogie)) - 1]!, y: middle };
  }

  const columns = Math.min(ofCar.length, ofCar.length > 6 ? 5 : ofCar.length === 4 ? 2 : COLUMNS);
  const rows = Math.ceil(ofCar.length / columns);
  const i = ofCar.indexOf(id);
  return { x: x + CAR.width / 2 + ((i % columns) - (columns - 1) / 2) * STEP, y: middle + (Math.floor(i / columns) - (rows - 1) / 2) * STEP };
}

export type SensorState = 'ok' | 'stale' | 'critical' | 'warning' | 'watch' | 'unknown';
