import { asOf } from '../../Layout/clock';
import { keyed, make, mark, say } from '../../Layout/dom';
import { type Difference, differences } from './shadowDifference';
import type { Shadow } from './wire';

const LONGEST = 16;
const STATES: Record<Difference['state'], string> = { same: 'the train has it', waiting: 'waiting', trainsOwn: 'the train\'s own' };

/** The device shadow as a difference: what is desired, what the train reported, key by key. */
export function mountShadow(words: HTMLElement, frame: HTMLElement): (shadow: Shadow, now: number) => void {
  const table = frame.appendChild(make('table', 'shadow'));
  const head = table.appendChild(make('thead')).appendChild(make('tr'));
  for (const name of ['Key', 'Desired', 'Reported', '']) {
    const cell = head.appendChild(make('th', '', name));
    cell.scope = 'col';
  }

  head.lastElementChild!.append(make('span', 'visually-hidden', 'State'));
  const body = table.appendChild(make('tbody'));
  return (shadow, now) => {
    const rows = differences(shadow);
    const waiting = rows.filter((row) => row.state === 'waiting').length;
    const written = shadow.writtenAt === null ? '' : `, written ${asOf(new Date(shadow.writtenAt), new Date(now))}`;
    say(words, shadow.version === 0 ? 'Nothing has been told to this train yet.'
      : `Version ${shadow.version}${written}. ${rows.length === 0 ? 'It is empty: nothing is asked of the train.' : waiting === 0 ? 'The train has reported everything that is desired.' : `${waiting} ${waiting === 1 ? 'value waits' : 'values wait'} for the train.`}`);
    table.hidden = rows.length === 0;
    keyed(body, grouped(rows), (row) => JSON.stringify(row.path) + ('state' in row ? '' : ' group'), create, (made, row) => update(made, row, now));
  };
}

interface Group {
  path: string[];
}

/** The leaves below a heading for each branch, in the order of their first leaf. */
function grouped(rows: readonly Difference[]): (Difference | Group)[] {
  const groups = Map.groupBy(rows, (row) => JSON.stringify(row.path.slice(0, -1)));
  return [...groups].flatMap(([path, leaves]) => [{ path: JSON.parse(path) as string[] }, ...leaves]);
}

function create(row: Difference | Group): HTMLElement {
  const made = make('tr', 'state' in row ? '' : 'group');
  const key = made.appendChild(make('th'));
  if (!('state' in row)) {
    key.scope = 'colgroup';
    key.colSpan = 4;
    key.title = row.path.join(' ');
    key.append(make('b', '', row.path[0] ?? 'document'), ` ${row.path.slice(1).join(' ')}`);
    return made;
  }

  key.scope = 'row';
  key.className = 'leaf';
  key.textContent = short(row.path.at(-1)!);
  key.title = row.path.at(-1)!;
  made.append(make('td', 'desired'), make('td', 'reported'), make('td', 'state'));
  return made;
}

function update(made: HTMLElement, row: Difference | Group, now: number): void {
  if (!('state' in row)) {
    return;
  }

  mark(made, { state: row.state });
  say(made.querySelector('.desired')!, words(row.desired, now));
  say(made.querySelector('.reported')!, words(row.reported, now));
  say(made.querySelector('.state')!, STATES[row.state]);
}

// "al-3a21…0bc7": an id is looked at to tell it from others, and seldom read whole.
function short(key: string): string {
  return key.length <= LONGEST ? key : `${key.slice(0, 7)}…${key.slice(-4)}`;
}

// Times as people read them; everything else as it stands in the document.
function words(value: string | null, now: number): string {
  return value === null ? '–' : /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value) ? asOf(new Date(value), new Date(now)) : value;
}
