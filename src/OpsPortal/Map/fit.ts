import type { Bounds } from './network';

/**
 * Where the map should go so that a fleet which runs somewhere else than the network is seen; null when it may stay.
 * @param shown what the map shows now, or null while it has not gone there yet.
 */
export function fitToFleet(trains: Iterable<{ latitude: number | null; longitude: number | null }>, network: Bounds, shown: Bounds | null): Bounds | null {
  const places = [...trains].flatMap((train) => (train.latitude === null || train.longitude === null ? [] : [[train.longitude, train.latitude] as const]));
  const inside = (box: Bounds) => ([longitude, latitude]: readonly [number, number]) => longitude >= box[0] && latitude >= box[1] && longitude <= box[2] && latitude <= box[3];
  if (places.length === 0 || places.some(inside(network)) || (shown !== null && places.every(inside(shown)))) {
    return null;
  }

  const longitudes = places.map(([longitude]) => longitude);
  const latitudes = places.map(([, latitude]) => latitude);
  return [Math.min(...longitudes), Math.min(...latitudes), Math.max(...longitudes), Math.max(...latitudes)];
}
