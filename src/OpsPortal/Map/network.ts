import type { FeatureCollection, LineString, Point } from 'geojson';

/** The rail network as /api/network gives it. */
export interface Network {
  /** With the kilometre of each point of its way. */
  lines: FeatureCollection<LineString, { id: string; name: string; km: number[] | null }>;
  stations: FeatureCollection<Point, { id: string; name: string }>;
  tunnels: FeatureCollection<LineString, { name: string; line: string }>;
}

const NOTHING: Network = {
  lines: { type: 'FeatureCollection', features: [] },
  stations: { type: 'FeatureCollection', features: [] },
  tunnels: { type: 'FeatureCollection', features: [] },
};

/** Fetches the network; without it the map still shows the trains. */
export async function fetchNetwork(): Promise<Network> {
  try {
    const answer = await fetch('/api/network', { headers: { accept: 'application/json' } });
    return answer.ok ? ((await answer.json()) as Network) : NOTHING;
  } catch {
    return NOTHING;
  }
}

export type Bounds = [number, number, number, number];

/** West, south, east, north of all lines and stations, or null when there are none. */
export function extent(network: Network): Bounds | null {
  return around([...network.lines.features.flatMap((line) => line.geometry.coordinates), ...network.stations.features.map((station) => station.geometry.coordinates)]);
}

/** West, south, east, north of the places (longitude first), or null when there are none. */
export function around(points: readonly (readonly number[])[]): Bounds | null {
  if (points.length === 0) {
    return null;
  }

  const longitudes = points.map((point) => point[0]!);
  const latitudes = points.map((point) => point[1]!);
  return [Math.min(...longitudes), Math.min(...latitudes), Math.max(...longitudes), Math.max(...latitudes)];
}
