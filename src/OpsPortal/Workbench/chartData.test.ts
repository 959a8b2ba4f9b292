import { expect, test } from 'vitest';
import { drawChart, guessChart, positionsOf, timeOf, wrongWith } from './chartData';
import type { Column } from './wire';

const column = (name: string, type: Column['type']): Column => ({ name, type, serverType: '' });
const COLUMNS = [column('minute', 'time'), column('train', 'text'), column('value', 'number')];
const ROWS = [['2026-11-21 20:01:00.000', 'b', 2], ['2026-11-21 20:00:00.000', 'a', 1], ['2026-11-21 20:00:00.000', 'b', null]];

test('a line goes along time, one for each value of a column, with gaps where nothing is', () => {
  const { data, notes } = drawChart(ROWS, COLUMNS, { kind: 'line', x: 'minute', y: ['value'], by: 'train' });
  const eight = Date.UTC(2026, 10, 21, 20);

  expect(data.xType).toBe('time');
  expect(data.series).toEqual([{ name: 'b', points: [[eight, null], [eight + 60_000, 2]] }, { name: 'a', points: [[eight, 1]] }]);
  expect(notes).toEqual([]);
});

test('bars go along names, and rows of the same name are said', () => {
  const { data, notes } = drawChart(ROWS, COLUMNS, { kind: 'bar', x: 'train', y: ['value'], by: null });

  expect(data.categories).toEqual(['b', 'a']);
  expect(data.series).toEqual([{ name: 'value', values: [null, 1] }]);
  expect(notes).toHaveLength(1);
});

test('what is too much is left out and said', () => {
  const many = Array.from({ length: 30 }, (_, i) => ['2026-11-21 20:00:00', `t${i}`, i]);

  const { data, notes } = drawChart(many, COLUMNS, { kind: 'scatter', x: 'value', y: ['value'], by: 'train' });

  expect(data.series).toHaveLength(12);
  expect(notes).toEqual(['The first 12 of 30 are drawn: more cannot be told apart.']);
});

test('a map has the rows that have a place, and says how many have none', () => {
  const columns = [column('lon', 'number'), column('lat', 'number')];

  const { positions, notes } = positionsOf([[-2.2, 53.4], [null, 53], [-2, 99]], columns, { kind: 'map', x: 'lon', y: ['lat'], by: null });

  expect(positions).toEqual([{ longitude: -2.2, latitude: 53.4, name: '' }]);
  expect(notes).toEqual(['2 rows have no place on a map.']);
});

test('a first choice goes by what the columns hold', () => {
  expect(guessChart(COLUMNS)).toEqual({ kind: 'line', x: 'minute', y: ['value'], by: 'train' });
  expect(guessChart([column('latitude', 'number'), column('longitude', 'number')])).toEqual({ kind: 'map', x: 'longitude', y: ['latitude'], by: null });
  expect(guessChart([column('line', 'text'), column('alerts', 'wholeNumber')])).toEqual({ kind: 'bar', x: 'line', y: ['alerts'], by: null });
  expect(guessChart([column('line', 'text')])).toBeNull();
});

test('a chart that the result has no columns for says so', () => {
  expect(wrongWith({ kind: 'line', x: 'hour', y: ['value'], by: null }, COLUMNS)).toBe('The result has no column hour. Choose another.');
  expect(wrongWith({ kind: 'bar', x: 'train', y: ['train'], by: null }, COLUMNS)).toMatch(/holds no numbers/);
  expect(wrongWith({ kind: 'line', x: 'minute', y: ['value'], by: null }, COLUMNS)).toBeNull();
});

test('times of the warehouse are in UTC, with and without a day only', () => {
  expect(timeOf('2026-11-21 20:00:00.250')).toBe(Date.UTC(2026, 10, 21, 20, 0, 0, 250));
  expect(timeOf('2026-11-21')).toBe(Date.UTC(2026, 10, 21));
  expect(timeOf('soon')).toBeNull();
});
