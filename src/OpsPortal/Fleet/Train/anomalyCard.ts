import { asOf } from '../../Layout/clock';
import { keyed, make, mark, say } from '../../Layout/dom';
import { degrees } from '../trainPanel';
import { duration, subsystemWords } from '../words';
import type { Anomaly, Share } from './wire';

const FACTS = ['where', 'speed', 'load', 'measured', 'received', 'kept', 'strength'] as const;
const LABELS: Record<(typeof FACTS)[number], string> = {
  where: 'Where', speed: 'Speed then', load: 'Load then', measured: 'Measured', received: 'Received', kept: 'Kept', strength: 'Strength',
};

export interface AnomalyChoice {
  anomaly: Anomaly | null;
  /** Its place among those of the range, newest first; -1 when it lies outside. */
  place: number;
  all: number;
  /** What traction drew then, in words. */
  load: string;
}

export interface AnomalyActs {
  step(by: number): void;
  show(anomaly: Anomaly): void;
  select(sensor: string): void;
}

/** The chosen anomaly: which sensors carry it, what was seen and what was expected, where, when. */
export function mountAnomalyCard(body: HTMLElement, acts: AnomalyActs): (choice: AnomalyChoice, now: number) => void {
  const bar = body.appendChild(make('div', 'anomaly-bar'));
  const button = (words: string, act: () => void) => {
    const made = bar.appendChild(make('button', '', words));
    made.type = 'button';
    made.addEventListener('click', act);
    return made;
  };
  let shown: Anomaly | null = null;
  const newer = button('◂ Newer', () => acts.step(-1));
  const older = button('Older ▸', () => acts.step(1));
  const inPlots = button('Show in the plots', () => shown !== null && acts.show(shown));
  const place = bar.appendChild(make('span', 'place'));
  const summary = body.appendChild(make('p', 'summary'));
  summary.setAttribute('aria-live', 'polite');
  const bars = body.appendChild(make('ol', 'bars'));
  bars.setAttribute('aria-label', 'Which sensors carry it');
  bars.addEventListener('click', (event) => {
    const row = (event.target as Element).closest<HTMLElement>('[data-sensor]');
    if (row !== null) {
      acts.select(row.dataset['sensor']!);
    }
  });
  const list = body.appendChild(make('dl', 'facts'));
  const facts = new Map(FACTS.map((fact) => {
    list.append(make('dt', '', LABELS[fact]));
    return [fact, list.appendChild(make('dd'))];
  }));

  return (choice, now) => {
    shown = choice.anomaly;
    newer.disabled = choice.place <= 0;
    older.disabled = choice.place < 0 || choice.place >= choice.all - 1;
    body.hidden = shown === null;
    mark(body, { anomaly: shown?.id ?? null });
    if (shown === null) {
      return;
    }

    inPlots.hidden = choice.place >= 0 && choice.all === 1;
    say(place, choice.place < 0 ? 'outside the range shown' : `${choice.place + 1} of ${choice.all}`);
    say(summary, sentence(shown));
    keyed(bars, shown.shares, (share) => share.sensor, createBar, updateBar);
    const words = factWords(shown, choice.load, now);
    facts.forEach((element, fact) => say(element, words[fact]));
  };
}

/** "Axle box 3-2 right was 78.2 °C where 61.0 °C was expected, 17.2 °C too high. It carries 71 % of the score." */
export function sentence(anomaly: Pick<Anomaly, 'shares' | 'subsystem'>): string {
  const worst = anomaly.shares[0];
  if (worst === undefined) {
    return `Something unusual in the ${subsystemWords(anomaly.subsystem)}.`;
  }

  const name = worst.words[0]!.toUpperCase() + worst.words.slice(1);
  const part = worst.share === null ? '' : ` It carries ${(worst.share * 100).toFixed(0)} % of the score.`;
  return `${name} was ${against(worst)}.${part}`;
}

/** "78.2 °C where 61.0 °C was expected, 17.2 °C too high". */
export function against(share: Share): string {
  const number = (value: number) => `${value.toFixed(Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2)}${share.unit === '' ? '' : ` ${share.unit}`}`;
  const way = share.direction === 'high' ? 'high' : 'low';
  if (share.observed === null) {
    return `too ${way}`;
  }

  return share.expected === null ? `${number(share.observed)}, too ${way}` : `${number(share.observed)} where ${number(share.expected)} was expected, ${number(Math.abs(share.observed - share.expected))} too ${way}`;
}

function factWords(anomaly: Anomaly, load: string, now: number): Record<(typeof FACTS)[number], string> {
  const at = (time: string) => asOf(new Date(time), new Date(now));
  const after = (time: string, before: string) => `${at(time)}, ${duration(Math.max(0, Date.parse(time) - Date.parse(before)))} later`;
  const { position } = anomaly;
  return {
    where: position === null ? 'not known' : `${position.line ?? 'line not known'}${position.km == null ? '' : `, km ${position.km.toFixed(1)}`} (${degrees(position.latitude, position.longitude)})`,
    speed: position?.speedKmh == null ? 'not known' : `${position.speedKmh.toFixed(0)} km/h`,
    load,
    measured: at(anomaly.measuredAt),
    received: after(anomaly.receivedAt, anomaly.measuredAt) + (anomaly.late ? ' – arrived late' : ''),
    kept: anomaly.keptAt === null ? 'not known' : after(anomaly.keptAt, anomaly.receivedAt),
    strength: `grade ${anomaly.grade?.toFixed(2) ?? 'not known'} of 1, score ${anomaly.score?.toFixed(1) ?? 'not known'}, ${subsystemWords(anomaly.subsystem)}`,
  };
}

function createBar(share: Share): HTMLElement {
  const item = make('li');
  const row = item.appendChild(make('button', 'share'));
  row.type = 'button';
  row.dataset['sensor'] = share.sensor;
  row.append(make('span', 'words'), make('span', 'percent'), make('span', 'track'), make('span', 'against'));
  row.querySelector('.track')!.append(make('span', 'fill'));
  return item;
}

function updateBar(item: HTMLElement, share: Share): void {
  const part = (name: string) => item.querySelector<HTMLElement>(`.${name}`)!;
  const percent = share.share === null ? null : Math.round(share.share * 100);
  say(part('words'), share.words);
  say(part('percent'), percent === null ? '–' : `${percent} %`);
  say(part('against'), against(share));
  part('fill').style.width = `${percent ?? 0}%`;
}
