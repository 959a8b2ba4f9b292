import { keyed, make, mark, say } from '../Layout/dom';
import type { TrainOnMap } from './fleet';
import type { View } from './live.entry';
import { connectivityWords, SEVERITIES } from './words';

const WORTH_UNSEEN = 200;

/** The same trains as on the map, as a table: for keyboards, screen readers and scripts. Trains without a position are first told apart here. */
export function mountTrainTable(body: HTMLElement, empty: HTMLElement, tab: HTMLElement, select: (id: string) => void): (view: View) => void {
  body.addEventListener('click', (event) => {
    const row = (event.target as Element).closest<HTMLElement>('tr');
    if (row !== null) {
      select(row.dataset['train']!);
    }
  });
  const panel = body.closest<HTMLElement>('[role=tabpanel]')!;
  return (view) => {
    say(tab, view.fleet.trains.size === 0 ? 'Trains' : `Trains (${view.fleet.trains.size})`);
    say(empty, view.asOf === null ? view.why : view.fleet.trains.size > 0 ? '' : view.isCurrent ? 'There is no train in what you may see.' : 'No train was known when the data stopped.');
    empty.hidden = empty.textContent === '';
    // Rows that nobody sees cost a large fleet more than they are worth.
    if (panel.hidden && view.fleet.trains.size > WORTH_UNSEEN) {
      return;
    }

    const trains = [...view.fleet.trains.values()].sort(worstFirst);
    keyed(body, trains, (train) => train.id, create, (row, train) => update(row, train, view));
  };
}

/** Trains with the worst alerts first, then by name: the order changes only when alerts do. */
export function worstFirst(a: TrainOnMap, b: TrainOnMap): number {
  const rank = (train: TrainOnMap) => (train.worstAlert === null ? SEVERITIES.length : SEVERITIES.indexOf(train.worstAlert));
  return rank(a) - rank(b) || a.name.localeCompare(b.name) || a.id.localeCompare(b.id);
}

function create(train: TrainOnMap): HTMLElement {
  const row = make('tr');
  row.dataset['train'] = train.id;
  const name = row.appendChild(make('th'));
  name.scope = 'row';
  name.appendChild(make('span', 'mark')).setAttribute('aria-hidden', 'true');
  name.appendChild(make('button', 'quiet name')).type = 'button';
  row.append(make('td', 'line'), make('td', 'number speed'), make('td', 'state'));
  return row;
}

function update(row: HTMLElement, train: TrainOnMap, view: View): void {
  const part = (name: string) => row.querySelector<HTMLElement>(`.${name}`)!;
  const text = (value: number | null) => (value === null ? null : String(value));
  mark(row, {
    connectivity: train.connectivity,
    current: String(view.isCurrent),
    worst: train.worstAlert ?? 'none',
    latitude: text(train.latitude),
    longitude: text(train.longitude),
    measuredAt: text(train.measuredAt),
    originalMeasuredAt: text(train.originalMeasuredAt),
  });
  row.toggleAttribute('aria-current', view.selected === train.id);
  mark(part('mark'), { kind: train.worstAlert ?? (view.isCurrent ? train.connectivity : 'unknown') });
  say(part('name'), train.name);
  say(part('line'), train.line);
  say(part('speed'), train.speed === null ? '–' : train.speed.toFixed(0));
  const words = [train.worstAlert, connectivityWords(train.connectivity, view.isCurrent), train.latitude === null ? 'position unknown' : null];
  say(part('state'), words.filter((word) => word !== null).join(' · '));
}
