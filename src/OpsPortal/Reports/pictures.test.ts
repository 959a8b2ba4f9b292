import { describe, expect, it } from 'vitest';
import { chartOf } from './pictures';
import type { ReportChart, ReportTable, Unit } from './wire';

const chart: ReportChart = { kind: 'bar', title: 'Alerts', table: 't', columns: ['b'], stacked: true, horizontal: false, mostRows: null };
const table = (unit: Unit, ...values: (number | null)[]): ReportTable => ({
  id: 't', title: 'T', rowName: 'Line', limited: null,
  columns: [{ id: 'a', name: 'A', counts: '', unit }, { id: 'b', name: 'B', counts: '', unit }],
  rows: values.map((value, i) => ({ name: `row ${i}`, train: null, cells: [{ value: 0, text: '0', alerts: null }, { value, text: '', alerts: null }] })),
});

describe('a picture of a report', () => {
  it('draws the columns asked for and leaves a gap where there is no value', () => {
    expect(chartOf(chart, table('count', 3, null))).toMatchObject({ categories: ['row 0', 'row 1'], series: [{ name: 'B', values: [3, null] }] });
  });

  it('says times in what is readable at their size', () => {
    expect(chartOf(chart, table('seconds', 30, 90))).toMatchObject({ yName: 'seconds', series: [{ values: [30, 90] }] });
    expect(chartOf(chart, table('seconds', 30, 900))).toMatchObject({ yName: 'minutes', series: [{ values: [0.5, 15] }] });
    expect(chartOf(chart, table('seconds', 9_000))).toMatchObject({ yName: 'hours', series: [{ values: [2.5] }] });
    expect(chartOf(chart, table('seconds', null))).toMatchObject({ yName: 'seconds' });
  });

  it('draws the first rows where not all fit, and ends shares at the whole', () => {
    expect(chartOf({ ...chart, mostRows: 1 }, table('percent', 99.9, 50))).toMatchObject({ yMax: 100, categories: ['row 0'] });
  });

  it('cuts names that are too long to stand beside an axis', () => {
    const long = table('count', 1);
    expect(chartOf(chart, { ...long, rows: [{ ...long.rows[0]!, name: 'x'.repeat(40) }] }).categories![0]).toHaveLength(28);
  });
});
