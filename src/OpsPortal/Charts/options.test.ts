import { describe, expect, it } from 'vitest';
import { type ChartColours, type ChartData, chartOptions } from './options';

const colours: ChartColours = { text: '#111', soft: '#222', line: '#333', ground: '#444', font: 'Inter', palette: ['#a', '#b'], named: (token) => `of ${token}` };
const bars: ChartData = {
  kind: 'bar', label: 'Alerts by day', categories: ['1 Nov', '2 Nov'], stacked: true,
  series: [{ name: 'critical', colour: 'critical', values: [1, null] }, { name: 'warning', colour: 'warning', values: [2, 3] }],
};
const of = (data: ChartData, moves = true) => chartOptions(data, { colours, moves });

describe('a chart', () => {
  it('draws nothing where there is no value, and not zero', () => {
    expect(of(bars)).toMatchObject({ series: [{ data: [1, null] }, { data: [2, 3] }] });
    expect(of({ ...bars, kind: 'line' })).toMatchObject({ series: [{ connectNulls: false }, { connectNulls: false }] });
  });

  it('begins bars at zero and lines where their values begin', () => {
    expect(of(bars)).toMatchObject({ yAxis: { scale: false } });
    expect(of({ ...bars, kind: 'line' })).toMatchObject({ yAxis: { scale: true } });
  });

  it('tells its series apart by patterns too', () => {
    expect(of(bars)).toMatchObject({ aria: { decal: { show: true } } });
    expect(of({ ...bars, series: [bars.series[0]!] })).toMatchObject({ aria: { decal: { show: false } } });
  });

  it('takes the colours of the theme, by name where a series has a meaning', () => {
    expect(of(bars)).toMatchObject({ color: ['#a', '#b'], series: [{ color: 'of critical' }, { color: 'of warning' }] });
  });

  it('never puts texts into the page as markup', () => {
    expect(of(bars)).toMatchObject({ tooltip: { renderMode: 'richText' } });
  });

  it('stands still for who asked for that', () => {
    expect(of(bars, true)).toMatchObject({ animation: true });
    expect(of(bars, false)).toMatchObject({ animation: false });
  });

  it('names whole numbers only where all values are whole', () => {
    expect(of(bars)).toMatchObject({ yAxis: { minInterval: 1 } });
    expect(of({ ...bars, series: [{ name: 'share', values: [0.5, 1] }] })['yAxis']).not.toHaveProperty('minInterval');
  });

  it('lies down for long names, the first on top', () => {
    expect(of({ ...bars, horizontal: true })).toMatchObject({ yAxis: { type: 'category', inverse: true }, xAxis: { type: 'value' } });
  });

  it('places points by number or time, with the words it was given', () => {
    const time = (at: number) => `at ${at}`;
    const line: ChartData = { kind: 'line', label: 'x', categories: null, xType: 'time', series: [{ name: 'speed', points: [[1_000, 2], [2_000, null]] }] };
    const options = chartOptions(line, { colours, moves: true, time, value: (value) => `${value} km/h` });
    expect(options).toMatchObject({ xAxis: { type: 'time', axisLabel: { formatter: time } }, series: [{ data: [[1_000, 2], [2_000, null]] }] });
    const { valueFormatter } = options['tooltip'] as { valueFormatter: (value: unknown) => string };
    expect([valueFormatter(3), valueFormatter(null)]).toEqual(['3 km/h', '–']);
  });

  it('shows single dots as long as there are few', () => {
    const line = (values: number[]): ChartData => ({ kind: 'line', label: 'x', categories: values.map(String), series: [{ name: 'n', values }] });
    expect(of(line([1]))).toMatchObject({ series: [{ showSymbol: true }] });
    expect(of(line(Array.from({ length: 100 }, (_, i) => i)))).toMatchObject({ series: [{ showSymbol: false }] });
  });
});
