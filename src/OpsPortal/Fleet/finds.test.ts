import { expect, test } from 'vitest';
import { type Find, search } from './finds';

const ALL: Find[] = [
  { kind: 'station', id: 'LON', name: 'London Euston', detail: '' },
  { kind: 'depot', id: 'Longsight', name: 'Longsight', detail: '' },
  { kind: 'train', id: '390-042', name: '390 042', detail: 'WCML' },
  { kind: 'line', id: 'WCML', name: 'West Coast Main Line', detail: '' },
];
const names = (words: string) => search(ALL, words).found.map((find) => find.name);

test('a train is found however its number is typed', () => {
  expect([names('390042'), names('390 042'), names('390-04')]).toEqual([['390 042'], ['390 042'], ['390 042']]);
});

test('names that begin with the words come before those that hold them', () => {
  expect(names('lon')).toEqual(['Longsight', 'London Euston']);
  expect(names('coast')).toEqual(['West Coast Main Line']);
  expect(names('wcml')).toEqual(['West Coast Main Line']);
});

test('BAD-17: what elsewhere would be a query is looked for as it stands', () => {
  const whole: Find = { kind: 'depot', id: 'x', name: '_exists_:* "(a\\b" /.*.*.*/', detail: '' };
  const found = (words: string) => search([...ALL, whole], words).found.map((find) => find.id);

  for (const words of ['*', '"', '\\', '/.*.*.*/', '_exists_:', '(', '.*']) {
    expect(found(words), words).toEqual(['x']);
  }

  expect(found(')')).toEqual([]);
  expect(found(Array.from({ length: 10_000 }, (_, i) => `term${i}`).join(' OR '))).toEqual([]);
});

test('BAD-18: nor is it a question to the store', () => {
  expect(names('{"query":{"script":{"source":"while(true){}"}}}')).toEqual([]);
  expect(names('../_search/template')).toEqual([]);
});

test('nothing typed finds nothing, and what is cut is counted', () => {
  expect(names(' ')).toEqual([]);
  const many = Array.from({ length: 30 }, (_, i): Find => ({ kind: 'train', id: `${i}`, name: `x${i}`, detail: '' }));
  expect(search(many, 'x')).toMatchObject({ total: 30, found: { length: 12 } });
});
