import { describe, expect, it } from 'vitest';
import { differences } from './shadowDifference';

describe('the shadow as a difference', () => {
  it('says leaf by leaf what the train has and what still waits, the waiting first', () => {
    const rows = differences({
      desired: { acknowledgements: { a1: { by: 'One', v: 1 } }, alerts: {} },
      reported: { acknowledgements: { a1: { by: 'One' } }, received: { a1: '20:00' } },
    });
    expect(rows).toEqual([
      { path: ['acknowledgements', 'a1', 'v'], desired: '1', reported: null, state: 'waiting' },
      { path: ['acknowledgements', 'a1', 'by'], desired: 'One', reported: 'One', state: 'same' },
      { path: ['received', 'a1'], desired: null, reported: '20:00', state: 'trainsOwn' },
    ]);
  });

  it('waits where the train reported something else, whatever the keys are named', () => {
    expect(differences({ desired: { 'a.b': { c: [1, 2] } }, reported: { 'a.b': { c: [1] } } })).toEqual([
      { path: ['a.b', 'c'], desired: '[1,2]', reported: '[1]', state: 'waiting' },
    ]);
  });

  it('has no rows for empty documents', () => {
    expect(differences({ desired: {}, reported: { alerts: {} } })).toEqual([]);
  });
});
