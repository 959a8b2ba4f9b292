import { expect, test } from 'vitest';
import { nextSort, orderOf } from './rowOrder';
import type { Column } from './wire';

const COLUMNS: Column[] = [
  { name: 'train', type: 'text', serverType: 'TEXT' },
  { name: 'value', type: 'number', serverType: 'REAL' },
];
const ROWS = [['390-10', 9], ['390-9', null], ['Voyager', 10], ['390-9', -1]];
const none = { sort: null, filter: '', filterColumn: null };

test('numbers are sorted as numbers, nulls come last either way', () => {
  expect(orderOf(ROWS, COLUMNS, { ...none, sort: { column: 1, descending: false } })).toEqual([3, 0, 2, 1]);
  expect(orderOf(ROWS, COLUMNS, { ...none, sort: { column: 1, descending: true } })).toEqual([2, 0, 3, 1]);
});

test('texts are sorted as people do, and equals stay as they came', () => {
  expect(orderOf(ROWS, COLUMNS, { ...none, sort: { column: 0, descending: false } })).toEqual([1, 3, 0, 2]);
});

test('long whole numbers are told apart to their last digit', () => {
  expect(orderOf([['a', '90071992547409931'], ['b', '90071992547409930']], COLUMNS, { ...none, sort: { column: 1, descending: false } })).toEqual([1, 0]);
});

test('a filter finds a part of a value in any column or in one', () => {
  expect(orderOf(ROWS, COLUMNS, { ...none, filter: 'VOY' })).toEqual([2]);
  expect(orderOf(ROWS, COLUMNS, { ...none, filter: '9' })).toEqual([0, 1, 3]);
  expect(orderOf(ROWS, COLUMNS, { ...none, filter: '9', filterColumn: 1 })).toEqual([0]);
});

test('a column goes from up to down to as it came', () => {
  const up = nextSort(null, 1);
  expect(up).toEqual({ column: 1, descending: false });
  expect(nextSort(up, 1)).toEqual({ column: 1, descending: true });
  expect(nextSort(nextSort(up, 1), 1)).toBeNull();
  expect(nextSort(up, 0)).toEqual({ column: 0, descending: false });
});
