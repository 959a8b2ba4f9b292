import type { TrainOnMap } from '../fleet';
import { worstFirst } from '../trainTable';

/** Trains with open alerts before and after this one in the order of the list on Live (worst first), around the end. */
export function neighbours(trains: Iterable<TrainOnMap>, id: string): { previous: TrainOnMap | null; next: TrainOnMap | null; others: number } {
  const all = [...trains].sort(worstFirst);
  const others = all.filter((train) => train.id !== id && train.worstAlert !== null);
  if (others.length === 0) {
    return { previous: null, next: null, others: 0 };
  }

  const place = all.findIndex((train) => train.id === id);
  const isAfter = (train: TrainOnMap) => all.indexOf(train) > place;
  return { previous: others.filter((train) => !isAfter(train)).at(-1) ?? others.at(-1)!, next: others.find(isAfter) ?? others[0]!, others: others.length };
}
