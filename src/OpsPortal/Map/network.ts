import type { FeatureCollection, LineString, Point } from 'geojson';

/** The rail network as /api/network gives it. */
export interface Network {
  lines: FeatureCollection<LineString, { id: string; name: string }>;
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

/** West, south, east, north of all lines and stations, or null when there are none. */
export function extent(network: Network): [number, number, number, number] | null {
  const points = [...network.lines.features.flatMap((line) => line.geometry.coordinates), ...network.stations.features.map((station) => station.geometry.coordinates)];
  if (points.length === 0) {
    return null;
  }

  const longitudes = points.map((point) => point[0]!);
  const latitudes = points.map((point) => point[1]!);
  return [Math.min(...longitudes), Math.min(...latitudes), Math.max(...longitudes), Math.max(...latitudes)];
}
