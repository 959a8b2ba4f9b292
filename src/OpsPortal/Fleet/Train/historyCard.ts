import { stateWords } from '../../Alerts/words';
import { asOf } from '../../Layout/clock';
import { keyed, make, mark, say } from '../../Layout/dom';
import { subsystemWords } from '../words';
import type { Alert } from './wire';

const STAGES: Record<NonNullable<Alert['delivery']>['stage'], string> = {
  clicked: 'delivery: clicked, not yet with the train\'s shadow',
  desired: 'delivery: desired, the train has not been online since',
  online: 'delivery: the train is online, has not confirmed yet',
  reported: 'delivery: the train confirmed',
};

/** Alerts of the train, open and cleared, newest first, each with how far its acknowledgement has come. */
export function mountHistory(list: HTMLElement, show: (alert: Alert) => void): (alerts: readonly Alert[], now: number) => void {
  const known = new Map<string, Alert>();
  list.addEventListener('click', (event) => {
    const alert = known.get((event.target as Element).closest<HTMLElement>('[data-alert]')?.dataset['alert'] ?? '');
    if (alert !== undefined) {
      show(alert);
    }
  });
  return (alerts, now) => {
    alerts.forEach((alert) => known.set(alert.id, alert));
    keyed(list, alerts, (alert) => alert.id, create, (item, alert) => update(item, alert, now));
  };
}

function create(alert: Alert): HTMLElement {
  const item = make('li');
  const row = item.appendChild(make('button', 'history-alert'));
  row.type = 'button';
  row.title = 'Show in the plots';
  row.dataset['alert'] = alert.id;
  const head = row.appendChild(make('span', 'head'));
  head.append(make('span', 'mark'), make('span', 'severity'), make('span', 'subsystem'), make('time', 'raised'));
  head.firstElementChild!.setAttribute('aria-hidden', 'true');
  row.append(make('span', 'why'), make('span', 'state'), make('span', 'stage'));
  return item;
}

// Who took it stays worth knowing after it has cleared, which the condition says already; how far it has come is said below.
function taken(alert: Alert): string {
  const by = alert.acknowledgement;
  const state = alert.state === 'cleared' && by !== null ? 'acknowledged' : alert.state;
  return stateWords({ state, acknowledgement: null, delivery: null }) + (by === null ? '' : ` by ${by.by}`);
}

function update(item: HTMLElement, alert: Alert, now: number): void {
  const part = (name: string) => item.querySelector<HTMLElement>(`.${name}`)!;
  mark(item, { state: alert.state, severity: alert.severity });
  mark(part('mark'), { kind: alert.severity });
  say(part('severity'), alert.severity);
  say(part('subsystem'), subsystemWords(alert.subsystem));
  const raised = part('raised') as HTMLTimeElement;
  raised.dateTime = alert.raisedAt;
  say(raised, asOf(new Date(alert.raisedAt), new Date(now)));
  say(part('why'), alert.explanation);
  const many = alert.count === 1 ? '1 anomaly' : `${alert.count} anomalies`;
  const cleared = alert.clearedAt === null ? 'stands' : `gone at ${asOf(new Date(alert.clearedAt), new Date(now))}`;
  say(part('state'), `${many}, ${cleared} · ${taken(alert)}${alert.late ? ' · arrived late' : ''}`);
  say(part('stage'), alert.delivery === null ? '' : STAGES[alert.delivery.stage]);
}
