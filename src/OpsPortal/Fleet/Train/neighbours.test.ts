import { describe, expect, it } from 'vitest';
import type { TrainOnMap } from '../fleet';
import { neighbours } from './neighbours';

const train = (id: string, worstAlert: TrainOnMap['worstAlert']) => ({ id, name: id, worstAlert }) as TrainOnMap;
const fleet = [train('d', null), train('c', 'watch'), train('b', 'critical'), train('a', 'critical')];
const ways = (id: string, trains = fleet) => {
  const { previous, next } = neighbours(trains, id);
  return [previous?.id ?? null, next?.id ?? null];
};

describe('neighbours with open alerts', () => {
  it('follow each other worst first, around the end', () => {
    expect(ways('a')).toEqual(['c', 'b']);
    expect(ways('b')).toEqual(['a', 'c']);
    expect(ways('c')).toEqual(['b', 'a']);
  });

  it('are found from a train without an alert too', () => {
    expect(ways('d')).toEqual(['c', 'a']);
  });

  it('are none when no other train has an alert', () => {
    expect(ways('b', [train('b', 'critical'), train('d', null)])).toEqual([null, null]);
    expect(ways('x', [])).toEqual([null, null]);
  });
});
