import { keyed, make, mark, say } from '../../Layout/dom';
import { age } from '../words';
import { type SensorView, valueWords } from './sensorState';

/** Every sensor's newest value; a tile leads to its plot. Tiles keep their size whatever they say. */
export function mountValues(list: HTMLElement, select: (sensor: string) => void): (sensors: readonly SensorView[], selected: string | null) => void {
  list.addEventListener('click', (event) => {
    const tile = (event.target as Element).closest<HTMLElement>('[data-sensor]');
    if (tile !== null) {
      select(tile.dataset['sensor']!);
    }
  });
  return (sensors, selected) => {
    keyed(list, sensors, (view) => view.sensor.id, create, (item, view) => update(item, view, selected));
  };
}

function create(view: SensorView): HTMLElement {
  const item = make('li');
  const tile = item.appendChild(make('button', 'value-tile'));
  tile.type = 'button';
  tile.dataset['sensor'] = view.sensor.id;
  tile.append(make('span', 'words'), make('span', 'value'), make('span', 'unit'), make('span', 'fresh'));
  tile.prepend(make('span', 'sensor-mark'));
  tile.firstElementChild!.setAttribute('aria-hidden', 'true');
  return item;
}

function update(item: HTMLElement, view: SensorView, selected: string | null): void {
  const part = (name: string) => item.querySelector<HTMLElement>(`.${name}`)!;
  const tile = part('value-tile');
  const { sensor } = view;
  mark(tile, { state: view.state, stale: String(view.isStale) });
  mark(part('sensor-mark'), { state: view.state });
  tile.setAttribute('aria-pressed', String(selected === sensor.id));
  say(part('words'), sensor.words);
  part('words').title = sensor.words;
  say(part('value'), valueWords(sensor.value, '', sensor.decimals));
  say(part('unit'), sensor.value === null ? '' : sensor.unit);
  say(part('fresh'), freshWords(view));
}

/** "3 s ago"; "silent for 2 min" once it is stale; with the alert that is about it. */
export function freshWords(view: Pick<SensorView, 'isStale' | 'age' | 'alert'>): string {
  const fresh = view.isStale ? `last ${age(view.age)} ago` : `${age(view.age)} ago`;
  return view.alert === null ? fresh : `${view.alert.severity} · ${fresh}`;
}
