import { keyed, make, mark, say } from '../Layout/dom';
import { stateWords } from '../Alerts/words';
import type { WireAlert } from '../Feed/frames';
import { newestFirst } from './fleet';
import type { View } from './live.entry';
import { age, subsystemWords } from './words';

const SHOWN = 30;

/** The newest open alerts, each with its reason. */
export function mountNewest(list: HTMLElement, empty: HTMLElement, select: (id: string) => void): (view: View) => void {
  list.addEventListener('click', (event) => {
    const row = (event.target as Element).closest<HTMLElement>('[data-train]');
    if (row !== null) {
      select(row.dataset['train']!);
    }
  });
  return (view) => {
    const alerts = newestFirst([...view.fleet.alerts.values()]);
    keyed(list, alerts.slice(0, SHOWN), (alert) => alert.id, create, (row, alert) => update(row, alert, view));
    empty.hidden = alerts.length > 0 && alerts.length <= SHOWN;
    say(empty, view.asOf === null ? view.why
      : alerts.length > SHOWN ? `${alerts.length - SHOWN} more open alerts are on the Alerts page.`
      : view.isCurrent ? 'No open alerts.' : 'No open alerts were known when the data stopped.');
    mark(list, { current: String(view.isCurrent) });
  };
}

function create(alert: WireAlert): HTMLElement {
  const item = make('li', 'newest-alert');
  const button = item.appendChild(make('button'));
  button.type = 'button';
  button.dataset['train'] = alert.trainId;
  const head = button.appendChild(make('span', 'head'));
  head.append(make('span', 'mark'), make('span', 'severity'), make('span', 'name'), make('span', 'age'));
  head.querySelector('.mark')!.setAttribute('aria-hidden', 'true');
  button.append(make('span', 'why'), make('span', 'state'));
  return item;
}

function update(item: HTMLElement, alert: WireAlert, view: View): void {
  const part = (name: string) => item.querySelector<HTMLElement>(`.${name}`)!;
  mark(item, { severity: alert.severity, state: alert.state });
  mark(part('mark'), { kind: alert.severity });
  say(part('severity'), alert.severity);
  say(part('name'), view.fleet.trains.get(alert.trainId)?.name ?? alert.trainId);
  say(part('age'), `${age(view.now - Date.parse(alert.raisedAt))} ago`);
  say(part('why'), alert.explanation || subsystemWords(alert.subsystem));
  say(part('state'), stateWords(alert));
}
