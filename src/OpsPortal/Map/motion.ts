/** Where each train is drawn: on the way from its last place to its newest one, so that it glides instead of jumping. */
export class Motion {
  readonly #ways = new Map<string, { from: Place; to: Place; start: number; end: number }>();

  /** @param jump true draws each train at its newest place at once (somebody asked for less motion). */
  constructor(private readonly jump: boolean) {}

  /** Tells a train's newest place. A long way in one step is not a journey: the train is drawn there at once. */
  tell(id: string, to: Place, now: number): void {
    const way = this.#ways.get(id);
    if (way !== undefined && way.to.longitude === to.longitude && way.to.latitude === to.latitude) {
      return;
    }

    const from = way === undefined ? to : this.at(id, now)!;
    const far = Math.abs(from.latitude - to.latitude) + Math.abs(from.longitude - to.longitude) > FAR;
    const glides = way !== undefined && !far && !this.jump;
    // As long as the last step took, so that it arrives when the next one is due; a little longer rather than standing still.
    const took = way === undefined ? 0 : Math.min(LONGEST, Math.max(SHORTEST, now - way.start));
    this.#ways.set(id, { from: glides ? from : to, to, start: now, end: glides ? now + took * 1.1 : now });
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

// Degrees; some 3 km.
const FAR = 0.04;
const SHORTEST = 150;
const LONGEST = 1_500;
