import type { Track } from './track';

export interface Place {
  latitude: number;
  longitude: number;
}

/** What a train last said of its place. */
export interface Told extends Place {
  line?: string;
  km?: number | null;
}

interface Way {
  from: Told;
  to: Told;
  start: number;
  end: number;
  /** From here to there along the line; null: straight. */
  along: { line: string; from: number; to: number } | null;
  /** When it was there, by its own clock (ms). */
  measuredAt: number;
}

const METRES_PER_DEGREE = 111_200;
const FAR = 3_000;
// Metres a second; some 500 km/h.
const FASTEST = 140;
// Metres that a receiver may be wrong.
const NOISE = 50;
const LONG_APART = 30_000;
// Degrees; some 600 m. A kilometre that lies further from the position than this is of another line.
const OFF = 0.008;
const SHORTEST = 150;
const LONGEST = 1_500;

/**
 * Where each train is drawn: on the way from its last place to its newest one, along its line where the line is known.
 * It arrives when the next place is due and waits there: nothing is ever drawn that no train has said.
 */
export class Motion {
  readonly #ways = new Map<string, Way>();

  /** @param jump true draws each train at its newest place at once (somebody asked for less motion). */
  constructor(private readonly jump: boolean, private readonly track: Pick<Track, 'at'> | null = null) {}

  /**
   * Tells a train's newest place. A long way in one step is not a journey, nor is one that no train is fast enough for, and between two places
   * that were measured long apart nobody knows the way: the train is drawn there at once.
   * @param measuredAt when it was there, by its own clock (ms).
   */
  tell(id: string, to: Told, measuredAt: number, now: number): void {
    const way = this.#ways.get(id);
    if (way !== undefined && way.to.longitude === to.longitude && way.to.latitude === to.latitude) {
      way.measuredAt = measuredAt;
      return;
    }

    const from = way === undefined ? to : this.at(id, now)!;
    const glides = way !== undefined && !this.jump && isJourney(way.to, to, measuredAt - way.measuredAt);
    // As long as the last step took, so that it arrives when the next one is due; a little longer rather than standing still.
    const took = way === undefined ? 0 : Math.min(LONGEST, Math.max(SHORTEST, now - way.start));
    const along = glides ? this.#along(way, from, to, now) : null;
    this.#ways.set(id, { from: glides ? from : to, to, start: now, end: glides ? now + took * 1.1 : now, along, measuredAt });
  }

  /** Where the train is drawn now, or null when nothing was told. */
  at(id: string, now: number): Place | null {
    const way = this.#ways.get(id);
    if (way === undefined) {
      return null;
    }

    const part = passed(way, now);
    if (part < 1 && way.along !== null) {
      return this.track!.at(way.along.line, way.along.from + (way.along.to - way.along.from) * part) ?? way.to;
    }

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

  #along(way: Way, drawn: Place, to: Told, now: number): Way['along'] {
    const { line, km } = to;
    const before = way.to.line === line ? way.to.km : null;
    if (this.track === null || line === undefined || km == null || before == null) {
      return null;
    }

    const from = way.along === null ? before : way.along.from + (way.along.to - way.along.from) * passed(way, now);
    const [start, end] = [this.track.at(line, from), this.track.at(line, km)];
    // Only where kilometre and position agree: a train on a branch, or a wrong kilometre, must not be drawn elsewhere.
    return start !== null && end !== null && apart(end, to) < OFF && apart(start, drawn) < OFF ? { line, from, to: km } : null;
  }
}

function passed(way: Way, now: number): number {
  return way.end <= now ? 1 : (now - way.start) / (way.end - way.start);
}

function apart(a: Place, b: Place): number {
  return Math.abs(a.latitude - b.latitude) + Math.abs(a.longitude - b.longitude);
}

/** Whether a train can have gone from one place to the other in that time (ms), on a way that is known well enough to be drawn. */
function isJourney(from: Place, to: Place, took: number): boolean {
  const metres = Math.hypot((to.latitude - from.latitude) * METRES_PER_DEGREE, (to.longitude - from.longitude) * METRES_PER_DEGREE * Math.cos((from.latitude * Math.PI) / 180));
  return metres <= FAR && took > 0 && took <= LONG_APART && metres <= NOISE + FASTEST * (took / 1_000);
}
