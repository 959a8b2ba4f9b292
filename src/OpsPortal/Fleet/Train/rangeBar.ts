import { asOf } from '../../Layout/clock';
import { make, say } from '../../Layout/dom';
import { bounds, LENGTHS, pan, type Range, resolution, zoom } from './range';
import { age } from '../words';

const STEP = 0.5;
const FACTOR = 2;

/** Chooses what the plots show: by button, and by keys while the plots have the focus. */
export function mountRangeBar(bar: HTMLElement, plots: HTMLElement, change: (next: (range: Range, now: number) => Range) => void): (range: Range, now: number, limited: string | null) => void {
  const group = bar.querySelector<HTMLElement>('.ranges')!;
  const buttons = LENGTHS.map(({ words, length }) => {
    const button = group.appendChild(make('button', '', words));
    button.type = 'button';
    button.addEventListener('click', () => change((range) => ({ ...range, length })));
    return { button, length };
  });
  const moves: Record<string, (range: Range, now: number) => Range> = {
    earlier: (range, now) => pan(range, -STEP, now),
    later: (range, now) => pan(range, STEP, now),
    in: (range, now) => zoom(range, 1 / FACTOR, now),
    out: (range, now) => zoom(range, FACTOR, now),
    follow: (range) => ({ ...range, end: null }),
  };
  const move = (name: string | undefined) => bar.querySelector<HTMLButtonElement>(`[data-move=${name}]`)!;
  bar.addEventListener('click', (event) => {
    const name = (event.target as Element).closest<HTMLElement>('[data-move]')?.dataset['move'];
    if (name !== undefined) {
      change(moves[name]!);
    }
  });
  plots.addEventListener('keydown', (event) => {
    const name = event.ctrlKey || event.metaKey || event.altKey ? undefined : { ArrowLeft: 'earlier', ArrowRight: 'later', '+': 'in', '=': 'in', '-': 'out', End: 'follow' }[event.key];
    if (name !== undefined) {
      event.preventDefault();
      change(moves[name]!);
    }
  });
  return (range, now, limited) => {
    buttons.forEach(({ button, length }) => button.setAttribute('aria-pressed', String(length === range.length)));
    move('follow').setAttribute('aria-pressed', String(range.end === null));
    move('later').disabled = range.end === null;
    const { from, to } = bounds(range, now);
    const begins = asOf(new Date(from), new Date(now));
    const ends = range.end === null ? `now, ${asOf(new Date(now), new Date(now))}` : asOf(new Date(to), new Date(now));
    say(bar.querySelector('.range-words')!, `${begins} to ${ends} · ${age(range.length)} · a point per ${resolution(range.length) / 1000} s${limited === null ? '' : ` · ${inZone(limited, now)}`}`);
  };
}

// The API says times as machines read them.
function inZone(words: string, now: number): string {
  return words.replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (time) => asOf(new Date(time), new Date(now)));
}
