import { around, type Bounds, type Network } from '../Map/network';
import type { MapView } from '../Map/map';
import type { Fleet } from './fleet';
import { type Find, findsOfFleet } from './finds';

const CLOSE = 9;

/** Ways over the map: to what was found, and to the whole of a line or a depot. */
export class Ways {
  network: Network | undefined;
  map: MapView | undefined;

  constructor(private readonly fleet: Fleet, private readonly select: (id: string) => void) {}

  /** All that can be looked for now. */
  finds(): Find[] {
    const lines = this.network?.lines.features.map(({ properties: { id, name } }) => ({ kind: 'line' as const, id, name, detail: id })) ?? [];
    const stations = this.network?.stations.features.map(({ properties: { id, name } }) => ({ kind: 'station' as const, id, name, detail: id })) ?? [];
    return [...findsOfFleet(this.fleet.trains.values()), ...lines, ...stations];
  }

  /** Goes to what was found; a train is also selected. */
  go(find: Find): void {
    if (find.kind === 'train') {
      const train = this.fleet.trains.get(find.id);
      this.select(find.id);
      this.#to(train?.longitude ?? null, train?.latitude ?? null);
    } else if (find.kind === 'station') {
      const [longitude, latitude] = this.network?.stations.features.find((station) => station.properties.id === find.id)?.geometry.coordinates ?? [];
      this.#to(longitude ?? null, latitude ?? null);
    } else {
      const bounds = find.kind === 'line' ? this.#line(find.id) : this.#depot(find.id);
      if (bounds !== null) {
        this.map?.fit(bounds);
      }
    }
  }

  /** Fills the choice of what the map is fitted to, and fits it. */
  mountFit(choice: HTMLSelectElement): () => void {
    choice.addEventListener('change', () => {
      const [kind, id] = [choice.value.slice(0, choice.value.indexOf(':')), choice.value.slice(choice.value.indexOf(':') + 1)];
      if (choice.value === 'network') {
        this.map?.fit(null);
      } else if (kind === 'line' || kind === 'depot') {
        this.go({ kind, id, name: id, detail: '' });
      }

      choice.value = '';
    });
    const [lines, depots] = choice.querySelectorAll('optgroup');
    let filled = '';
    return () => {
      const finds = this.finds();
      const names = (kind: Find['kind']) => finds.filter((find) => find.kind === kind).sort((a, b) => a.name.localeCompare(b.name));
      const key = [...names('line'), ...names('depot')].map((find) => find.id).join('|');
      // Refilled only when it differs: an open list must not be pulled from under the pointer.
      if (key !== filled) {
        filled = key;
        lines!.replaceChildren(...names('line').map((find) => new Option(find.name, `line:${find.id}`)));
        depots!.replaceChildren(...names('depot').map((find) => new Option(find.name, `depot:${find.id}`)));
      }
    };
  }

  #to(longitude: number | null, latitude: number | null): void {
    if (longitude !== null && latitude !== null) {
      this.map?.go(longitude, latitude, CLOSE);
    }
  }

  #line(id: string): Bounds | null {
    return around(this.network?.lines.features.find((line) => line.properties.id === id)?.geometry.coordinates ?? []);
  }

  #depot(depot: string): Bounds | null {
    return around([...this.fleet.trains.values()].filter((train) => train.depot === depot && train.latitude !== null).map((train) => [train.longitude!, train.latitude!]));
  }
}
