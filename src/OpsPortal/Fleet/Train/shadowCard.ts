import { asOf } from '../../Layout/clock';
import { keyed, make, mark, say } from '../../Layout/dom';
import { type Difference, differences } from './shadowDifference';
import type { Shadow } from './wire';

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
    keyed(body, rows, (row) => JSON.stringify(row.path), create, update);
  };
}

function create(row: Difference): HTMLElement {
  const made = make('tr');
  const key = made.appendChild(make('th'));
  key.scope = 'row';
  // Long ids break anywhere; the last part is what one looks for.
  key.append(make('span', 'path', row.path.slice(0, -1).map((part) => `${part} `).join('')), make('span', 'leaf', row.path.at(-1)!));
  made.append(make('td', 'desired'), make('td', 'reported'), make('td', 'state'));
  return made;
}

function update(made: HTMLElement, row: Difference): void {
  mark(made, { state: row.state });
  say(made.querySelector('.desired')!, row.desired ?? '–');
  say(made.querySelector('.reported')!, row.reported ?? '–');
  say(made.querySelector('.state')!, STATES[row.state]);
}
