/** Where each train is drawn: on the way from its last place to its newest one, so that it glides instead of jumping. */
export class Motion {
  readonly #ways = new Map<string, { from: Place; to: Place; start: number; end: number; measuredAt: number }>();

  /** @param jump true draws each train at its newest place at once (somebody asked for less motion). */
  constructor(private readonly jump: boolean) {}

  /**
   * Tells a train's newest place. A long way in one step is not a journey, nor is one that no train is fast enough for, and between two places
   * that were measured long apart nobody knows the way: the train is drawn there at once.
   * @param measuredAt when it was there, by its own clock (ms).
   */
  tell(id: string, to: Place, measuredAt: number, now: number): void {
    const way = this.#ways.get(id);
    if (way !== undefined && way.to.longitude === to.longitude && way.to.latitude === to.latitude) {
      way.measuredAt = measuredAt;
      return;
    }

    const from = way === undefined ? to : this.at(id, now)!;
    const glides = way !== undefined && !this.jump && isJourney(way.to, to, measuredAt - way.measuredAt);
    // As long as the last step took, so that it arrives when the next one is due; a little longer rather than standing still.
    const took = way === undefined ? 0 : Math.min(LONGEST, Math.max(SHORTEST, now - way.start));
    this.#ways.set(id, { from: glides ? from : to, to, start: now, end: glides ? now + took * 1.1 : now, measuredAt });
  }

  /** Where the train is drawn now, or null when nothing was told. */
  at(id: string, now: number): Place | null {
    const way = this.#ways.get(id);
    if (way === undefined) {
      return null;
    }

    const part = way.end <= now ? 1 : (now - way.start) / (way.end - way.start);
    return {
      latitude: way.from.latitude + (way.to.latitude - way.from.latitude) * part,
      longitude: way.from.longitude + (way.to.longitude - way.from.longitude) * part,
    };
  }

  /** Whether any train is still on its way. */
  isMoving(now: number): boolean {
    return [...this.#ways.values()].some((way) => way.end > now);
  }

  /** Forgets trains that are not in the set. */
  keepOnly(ids: ReadonlySet<string>): void {
    [...this.#ways.keys()].filter((id) => !ids.has(id)).forEach((id) => this.#ways.delete(id));
  }
}

export interface Place {
  latitude: number;
  longitude: number;
}

/** Whether a train can have gone from one place to the other in that time (ms), on a way that is known well enough to be drawn. */
function isJourney(from: Place, to: Place, took: number): boolean {
  const metres = Math.hypot((to.latitude - from.latitude) * METRES_PER_DEGREE, (to.longitude - from.longitude) * METRES_PER_DEGREE * Math.cos((from.latitude * Math.PI) / 180));
  return metres <= FAR && took > 0 && took <= LONG_APART && metres <= NOISE + FASTEST * (took / 1_000);
}

const METRES_PER_DEGREE = 111_200;
const FAR = 3_000;
// Metres a second; some 500 km/h.
const FASTEST = 140;
// Metres that a receiver may be wrong.
const NOISE = 50;
const LONG_APART = 30_000;
const SHORTEST = 150;
const LONGEST = 1_500;
