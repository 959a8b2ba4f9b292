import { zoned } from '../Layout/zone';

const DAY = 86_400_000;
const DATE = /^\d{4}-\d{2}-\d{2}$/;

export interface Period {
  /** Inclusive, milliseconds since 1970. */
  from: number;
  /** Exclusive. */
  to: number;
}

/** The period that the address asks for, with whole days of the zone; a sentence where it cannot be read. */
export function periodOf(query: URLSearchParams, now: number, zone: string): Period | string {
  const [from, to] = [query.get('from') ?? '', query.get('to') ?? ''];
  const today = zoned(new Date(now), zone).date;
  if (from === '' && to === '') {
    return preset(query.get('period') ?? '', today, zone);
  }

  if ((from !== '' && !isDay(from)) || (to !== '' && !isDay(to))) {
    return 'The dates in the address are none: choose them anew.';
  }

  const last = to === '' ? today : to;
  const first = from === '' ? shifted(last, -6) : from;
  return first > last ? 'The first day is after the last one: choose them the other way round.' : { from: startOfDay(first, zone), to: startOfDay(shifted(last, 1), zone) };
}

function preset(word: string, today: string, zone: string): Period {
  const month = `${today.slice(0, 8)}01`;
  const tomorrow = startOfDay(shifted(today, 1), zone);
  switch (word) {
    case 'today':
      return { from: startOfDay(today, zone), to: tomorrow };
    case '30d':
      return { from: startOfDay(shifted(today, -29), zone), to: tomorrow };
    case 'month':
      return { from: startOfDay(month, zone), to: tomorrow };
    case 'lastMonth':
      return { from: startOfDay(`${shifted(month, -1).slice(0, 8)}01`, zone), to: startOfDay(month, zone) };
    default:
      return { from: startOfDay(shifted(today, -6), zone), to: tomorrow };
  }
}

/** When the day begins in the zone: its midnight, or where clocks leave midnight out, the hour after. */
export function startOfDay(date: string, zone: string): number {
  const wanted = Date.parse(`${date}T00:00:00Z`);
  // The offset is known only at a moment: from a guess that is at most a day off, twice is enough.
  let at = wanted;
  for (let i = 0; i < 2; i++) {
    at = wanted - zoned(new Date(at), zone).offset * 60_000;
  }

  return zoned(new Date(at), zone).date < date ? at + 3_600_000 : at;
}

/** The day of a moment in the zone. */
export function dayOf(at: number, zone: string): string {
  return zoned(new Date(at), zone).date;
}

/** A day so many days later. */
export function shifted(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY).toISOString().slice(0, 10);
}

function isDay(text: string): boolean {
  return DATE.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) && text >= '2000-01-01' && text < '2200-01-01';
}
