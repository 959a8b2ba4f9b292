import { describe, expect, it } from 'vitest';
import { type Period, periodOf, shifted, startOfDay } from './period';

const NOW = Date.parse('2026-11-29T02:30:00Z');
const iso = (period: Period | string) => (typeof period === 'string' ? period : [new Date(period.from).toISOString(), new Date(period.to).toISOString()]);
const of = (query: string, zone = 'UTC') => iso(periodOf(new URLSearchParams(query), NOW, zone));

describe('the period of a report', () => {
  it('is seven days with today, unless the address says otherwise', () => {
    expect(of('')).toEqual(['2026-11-23T00:00:00.000Z', '2026-11-30T00:00:00.000Z']);
    expect(of('period=nonsense')).toEqual(of('period=7d'));
    expect(of('period=today')).toEqual(['2026-11-29T00:00:00.000Z', '2026-11-30T00:00:00.000Z']);
    expect(of('period=30d')).toEqual(['2026-10-31T00:00:00.000Z', '2026-11-30T00:00:00.000Z']);
    expect(of('period=month')).toEqual(['2026-11-01T00:00:00.000Z', '2026-11-30T00:00:00.000Z']);
    expect(of('period=lastMonth')).toEqual(['2026-10-01T00:00:00.000Z', '2026-11-01T00:00:00.000Z']);
  });

  it('begins where the day begins in the zone', () => {
    expect(of('period=today', 'America/New_York')).toEqual(['2026-11-28T05:00:00.000Z', '2026-11-29T05:00:00.000Z']);
    expect(of('period=today', 'Asia/Kolkata')).toEqual(['2026-11-28T18:30:00.000Z', '2026-11-29T18:30:00.000Z']);
    expect(of('from=2026-03-29&to=2026-03-29', 'Europe/London')).toEqual(['2026-03-29T00:00:00.000Z', '2026-03-29T23:00:00.000Z']);
  });

  it('takes own days, the last one with it', () => {
    expect(of('from=2026-11-01&to=2026-11-15')).toEqual(['2026-11-01T00:00:00.000Z', '2026-11-16T00:00:00.000Z']);
    expect(of('to=2026-11-15')).toEqual(['2026-11-09T00:00:00.000Z', '2026-11-16T00:00:00.000Z']);
    expect(of('from=2026-11-28&to=&period=30d')).toEqual(['2026-11-28T00:00:00.000Z', '2026-11-30T00:00:00.000Z']);
  });

  it('says what it cannot read', () => {
    expect(of('from=2026-11-16&to=2026-11-15')).toContain('after the last');
    expect(of('from=yesterday')).toContain('choose them anew');
    expect(of('from=0001-01-01')).toContain('choose them anew');
  });

  it('begins an hour later on a day without midnight', () => {
    expect(new Date(startOfDay('2018-11-04', 'America/Sao_Paulo')).toISOString()).toBe('2018-11-04T03:00:00.000Z');
  });

  it('shifts over months and years', () => {
    expect([shifted('2026-03-01', -1), shifted('2026-12-31', 1), shifted('2028-02-28', 1)]).toEqual(['2026-02-28', '2027-01-01', '2028-02-29']);
  });
});
