import type { Network } from './network';
import type { Place } from './motion';

/** Where the kilometres of the lines are, so that a train between two positions is drawn on its line and not beside it. */
export class Track {
  readonly #lines = new Map<string, { km: number[]; points: number[][] }>();

  constructor(network: Network) {
    for (const line of network.lines.features) {
      const { id, km } = line.properties;
      if (km?.length === line.geometry.coordinates.length && km.length > 1) {
        this.#lines.set(id, { km, points: line.geometry.coordinates });
      }
    }
  }

  /** The place of a kilometre, or null when the line or the kilometre is not on the map. */
  at(lineId: string, km: number): Place | null {
    const line = this.#lines.get(lineId);
    if (line === undefined || km < line.km[0]! || km > line.km.at(-1)!) {
      return null;
    }

    let [low, high] = [0, line.km.length - 1];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (line.km[middle]! <= km) {
        low = middle;
      } else {
        high = middle;
      }
    }

    const length = line.km[high]! - line.km[low]!;
    const part = length === 0 ? 0 : (km - line.km[low]!) / length;
    const [from, to] = [line.points[low]!, line.points[high]!];
    return { longitude: from[0]! + (to[0]! - from[0]!) * part, latitude: from[1]! + (to[1]! - from[1]!) * part };
  }
}
