import type { Connectivity, Frame, Severity, WireAlert, WireTrain } from '../Feed/frames';
import type { Link } from '../Feed/feed';
import { mountFigures } from '../Fleet/figures';
import { Fleet } from '../Fleet/fleet';
import { freshness } from '../Fleet/freshness';
import { mountNewest } from '../Fleet/newest';
import { mountTrainPanel } from '../Fleet/trainPanel';
import { mountTrainTable } from '../Fleet/trainTable';
import { connectionWords, type FeedState } from '../Layout/connection';
import { make } from '../Layout/dom';
import { mountTrainSample } from './trainSamples';

// The samples never change, so that two pictures of the page can be compared.
const AT = '2026-11-21T20:58:01.000Z';
const NOW = Date.parse(AT) + 3_000;
const STATES: readonly FeedState[] = ['connecting', 'live', 'silent', 'reconnecting', 'store', 'signed-out', 'not-allowed'];
const KINDS: readonly (readonly [Connectivity, Severity | null])[] = [
  ['online', null], ['online', 'critical'], ['stale', 'warning'], ['offline', 'watch'], ['unknown', null], ['stale', null], ['offline', null],
];

function trains(count: number): WireTrain[] {
  return Array.from({ length: count }, (_, i) => {
    const [connectivity, worstAlert] = KINDS[i % KINDS.length]!;
    const position = connectivity === 'unknown' ? null : { latitude: 53.4 + i / 100, longitude: -2.2, headingDeg: 12, speedKmh: 143.4, km: 301.2, measuredAt: AT };
    return { id: `390-${i}`, name: `390 ${String(i).padStart(3, '0')}`, class: '390', depot: 'Longsight', line: 'WCML', connectivity, worstAlert, position, asOf: AT, measuredAt: AT, receivedAt: AT, originalMeasuredAt: null };
  });
}

function alerts(count: number): WireAlert[] {
  const severities: readonly Severity[] = ['critical', 'warning', 'watch'];
  return Array.from({ length: count }, (_, i) => ({
    id: `a${i}`, trainId: `390-${1 + (i % 3)}`, subsystem: 'axleBox', severity: severities[i % 3]!, state: i % 4 === 3 ? 'acknowledged' : 'unacknowledged',
    raisedAt: new Date(Date.parse(AT) - i * 60_000).toISOString(), lastAnomalyAt: AT, count: 4, explanation: 'Axle box 3-2 right 78 °C, expected 61; 71 % of the score',
    shares: [{ sensor: 'axleBoxTemperature.car3.axle2.right', words: 'axle box 3-2 right', share: 0.71, direction: 'high', observed: 78.2, expected: 61, unit: '°C' }],
    acknowledgement: i % 4 === 3 ? { by: 'Operator One', at: AT, note: 'seen' } : null, delivery: i % 4 === 3 ? { stage: 'reported' } : null,
  }));
}

function frame(count: number, problem: string | null): Frame {
  const anomalies = Array.from({ length: count === 0 ? 0 : 40 }, (_, i) => ({ id: `x${i}`, trainId: '390-1', measuredAt: AT, receivedAt: new Date(Date.parse(AT) - (i * i) * 500).toISOString() }));
  return { version: 1, number: 1, at: AT, store: { asOf: AT, problem }, trains: trains(count), alerts: alerts(count === 0 ? 0 : count > 20 ? 42 : 4), anomalies };
}

/** One sample: the parts of the Live page as they are in the given state. */
function mountSample(section: HTMLElement): void {
  const name = section.dataset['sample']!;
  const fleet = new Fleet();
  if (name !== 'loading' && name !== 'not-allowed') {
    fleet.take(frame(name === 'empty' ? 0 : name === 'many' ? 60 : 7, name === 'store' ? 'another process has it locked for longer than 2 s' : null), true);
  }

  const link: Link = name === 'not-allowed' ? 'not-allowed' : name === 'loading' ? 'connecting' : 'open';
  const fresh = freshness(fleet, link, name === 'silent' ? 20_000 : 100);
  const part = <T extends HTMLElement>(selector: string) => section.querySelector<T>(selector)!;
  const parts = [
    mountFigures(part('.figures')),
    mountNewest(part('.newest'), part('.panel .empty'), () => undefined),
    mountTrainTable(part('tbody'), part('[role=tabpanel] .empty'), make('span'), () => undefined),
    mountTrainPanel(part('.train'), () => undefined),
  ];
  const current = { fleet, isCurrent: true, asOf: fleet.at, why: '', now: NOW, latency: 640, selected: null, hidden: new Set<never>() };
  if (fleet.at !== null) {
    // First as it was while it was live: what stopped keeps its last values.
    parts[0]!(current);
  }

  parts.forEach((show) => show({ ...current, isCurrent: fresh.isCurrent, asOf: fresh.asOf, why: fresh.why, selected: fleet.trains.size > 0 ? '390-1' : null }));
  (document.activeElement as HTMLElement | null)?.blur();
}

document.querySelector('[data-chips]')?.append(...STATES.map((state) => {
  const chip = make('p', 'connection');
  chip.dataset['state'] = state;
  chip.append(make('span', 'mark'), make('span', 'words', connectionWords(state, state === 'connecting' ? null : new Date(AT), new Date(NOW))));
  return chip;
}));
document.querySelectorAll<HTMLElement>('[data-sample]').forEach(mountSample);
document.querySelectorAll<HTMLElement>('[data-train-sample]').forEach(mountTrainSample);
document.querySelector<HTMLElement>('.style-page')!.dataset['ready'] = '';
