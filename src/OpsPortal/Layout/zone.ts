// The zone that times are shown in: the operator's own choice, kept in a cookie so that the server says times as the browser does.

const COOKIE = 'zone';
const YEAR = 31_536_000;

/** The zone this browser runs in, by its IANA name. */
export function browserZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}

let inForce: string | undefined;

/** The zone in force. It changes only with the page, so that all times on it agree. */
export function zone(): string {
  return (inForce ??= typeof document === 'undefined' ? 'UTC' : (kept()?.split('~')[0] ?? browserZone()));
}

/** "Europe/London~0:GMT~60:BST": the zone with what its offsets (minutes) are called; the server has no such names of its own. */
export function zoneRecord(id: string, year: number): string {
  const names = new Map<number, string>();
  for (let month = 0; month < 12; month++) {
    const parts = zoned(new Date(Date.UTC(year, month, 15)), id);
    names.set(parts.offset, parts.name);
  }

  return [id, ...[...names].map(([offset, name]) => `${offset}:${name}`)].join('~');
}

export interface ZonedTime {
  /** "2026-11-21". */
  date: string;
  /** "20:58:01". */
  time: string;
  /** "BST". */
  name: string;
  /** Minutes ahead of UTC. */
  offset: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** A moment as the zone's clocks show it. */
export function zoned(at: Date, id: string): ZonedTime {
  let format = formats.get(id);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: id, year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZoneName: 'short',
    });
    formats.set(id, format);
  }

  const parts = Object.fromEntries(format.formatToParts(at).map((part) => [part.type, part.value])) as Record<string, string>;
  const date = `${parts['year']}-${parts['month']}-${parts['day']}`;
  const time = `${parts['hour']}:${parts['minute']}:${parts['second']}`;
  const offset = Math.round((Date.parse(`${date}T${time}Z`) - at.getTime()) / 60_000);
  return { date, time, name: parts['timeZoneName']!, offset };
}

/** Fills the switch and makes it switch; the choice is kept for this operator, and the page starts anew so that every time on it agrees. */
export function mountZoneSwitch(choice: HTMLSelectElement, operator: string): void {
  const key = `zone:${operator}`;
  const wanted = localStorage.getItem(key) ?? browserZone();
  choice.replaceChildren(...[...new Set([browserZone(), 'UTC', wanted])].map((id) => new Option(id.replaceAll('_', ' '), id, id === wanted, id === wanted)));
  choice.addEventListener('change', () => {
    localStorage.setItem(key, choice.value);
    keep(choice.value);
    location.reload();
  });
  const before = kept();
  keep(wanted);
  // Somebody else's choice, or none: what the server has said so far was in another zone.
  if (kept() !== before && kept() !== undefined && document.querySelector('main time') !== null) {
    location.reload();
  }
}

/** Keeps the browser's zone while nobody has chosen another, so that the first page after signing in is right already. */
export function keepBrowserZone(): void {
  if (kept() === undefined) {
    keep(browserZone());
  }
}

function keep(id: string): void {
  document.cookie = `${COOKIE}=${encodeURIComponent(zoneRecord(id, new Date().getUTCFullYear()))}; path=/; max-age=${YEAR}; samesite=strict`;
}

function kept(): string | undefined {
  const found = document.cookie.split('; ').find((cookie) => cookie.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);
  if (found === undefined) {
    return undefined;
  }

  try {
    const record = decodeURIComponent(found);
    zoned(new Date(0), record.split('~')[0]!);
    return record;
  } catch {
    return undefined;
  }
}
