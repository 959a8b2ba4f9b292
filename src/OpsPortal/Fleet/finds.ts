import type { TrainOnMap } from './fleet';

export type Kind = 'train' | 'station' | 'line' | 'depot';

/** Something that can be looked for. */
export interface Find {
  kind: Kind;
  id: string;
  name: string;
  /** What tells it from others of its name. */
  detail: string;
}

const MOST = 12;
const KINDS: readonly Kind[] = ['train', 'line', 'depot', 'station'];

/** What matches the words: names that begin so first, then trains, lines, depots, stations; and how many there are in all. */
export function search(all: readonly Find[], words: string): { found: Find[]; total: number } {
  const wanted = plain(words);
  if (wanted === '') {
    return { found: [], total: 0 };
  }

  const ranked = all
    .map((find) => ({ find, rank: rank(find, wanted) }))
    .filter((entry) => entry.rank < 3)
    .sort((a, b) => a.rank - b.rank || KINDS.indexOf(a.find.kind) - KINDS.indexOf(b.find.kind) || a.find.name.localeCompare(b.find.name));
  return { found: ranked.slice(0, MOST).map((entry) => entry.find), total: ranked.length };
}

/** Trains, and the depots they belong to. */
export function findsOfFleet(trains: Iterable<TrainOnMap>): Find[] {
  const list = [...trains];
  const depots = new Map<string, number>();
  list.forEach((train) => depots.set(train.depot, (depots.get(train.depot) ?? 0) + 1));
  return [
    ...list.map((train) => ({ kind: 'train' as const, id: train.id, name: train.name, detail: `${train.line} · ${train.depot}` })),
    ...[...depots].map(([depot, count]) => ({ kind: 'depot' as const, id: depot, name: depot, detail: `${count} ${count === 1 ? 'train' : 'trains'}` })),
  ];
}

function rank(find: Find, wanted: string): number {
  const [name, id] = [plain(find.name), plain(find.id)];
  return name.startsWith(wanted) || id.startsWith(wanted) ? 0 : name.split(' ').some((word) => word.startsWith(wanted)) ? 1 : `${name} ${id}`.includes(wanted) ? 2 : 3;
}

// "390 042", "390-042" and "390042" are one train to who types.
function plain(text: string): string {
  return text.toLowerCase().replace(/(\d)[\s-]+(?=\d)/g, '$1').normalize('NFD').replace(/\p{M}/gu, '').trim();
}
