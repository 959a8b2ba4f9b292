import { asOf } from '../../Layout/clock';
import { make, mark, say } from '../../Layout/dom';
import { LONGEST_NAME, readable } from '../../Layout/readable';
import { original } from '../trainPanel';
import { connectivityWords, doubtWords } from '../words';
import { neighbours } from './neighbours';
import type { Shown } from './train.entry';

const FACTS = ['alert', 'speed', 'line', 'km', 'class', 'depot', 'heard', 'recorded'] as const;
const LABELS: Record<(typeof FACTS)[number], string> = {
  alert: 'Worst alert', speed: 'Speed', line: 'Line', km: 'At', class: 'Class', depot: 'Depot', heard: 'Last heard', recorded: 'Recorded (original time)',
};

/** Who the train is and how it is; the ways to its neighbours, by button and by key. */
export function mountHead(page: HTMLElement): (shown: Shown) => void {
  const part = <T extends HTMLElement>(selector: string) => page.querySelector<T>(selector)!;
  const list = part('.head-facts');
  const facts = new Map(FACTS.map((fact) => {
    const group = list.appendChild(make('div', `fact-${fact}`));
    group.append(make('dt', '', LABELS[fact]));
    return [fact, group.appendChild(make('dd', '', '–'))];
  }));
  const ways = [...page.querySelectorAll<HTMLAnchorElement>('[data-way]')];
  const go = (event: KeyboardEvent) => {
    const isTyping = event.target instanceof Element && event.target.matches('input, textarea, select, [contenteditable]');
    const way = isTyping || event.ctrlKey || event.metaKey ? undefined : { '[': 'previous', ']': 'next' }[event.key];
    const link = ways.find((candidate) => candidate.dataset['way'] === way);
    if (link?.href) {
      event.preventDefault();
      location.assign(link.href);
    }
  };
  document.addEventListener('keydown', go);

  return (shown) => {
    showWays(ways, shown);
    const { detail } = shown;
    if (detail === null) {
      return say(part('.title .state'), shown.problem ?? 'Waiting for the first data…');
    }

    const at = (time: string | null) => (time === null ? 'never' : asOf(new Date(time), new Date(shown.now)));
    const position = detail.position;
    mark(part('.title .mark'), { kind: detail.worstAlert ?? (shown.isCurrent ? detail.connectivity : 'unknown') });
    say(part('h1'), readable(detail.name, LONGEST_NAME));
    const since = detail.connectivity === 'offline' && detail.offlineSince !== null ? ` since ${at(detail.offlineSince)}` : '';
    say(part('.title .state'), shown.isCurrent || detail.connectivity === 'online' ? `${connectivityWords(detail.connectivity, shown.isCurrent)}${since}` : `${detail.connectivity}${since}, not current`);
    mark(part('.title .state'), { connectivity: shown.isCurrent ? detail.connectivity : 'unknown' });
    const words: Record<(typeof FACTS)[number], string> = {
      alert: detail.worstAlert ?? 'none',
      speed: position?.speedKmh == null ? 'not known' : `${position.speedKmh.toFixed(0)} km/h`,
      line: position?.line ?? detail.line,
      km: (position?.km == null ? (position === null ? 'position unknown' : 'not known') : `km ${position.km.toFixed(1)}`) + doubtWords(position?.suspect ?? false),
      class: detail.class,
      depot: detail.depot,
      heard: at(detail.receivedAt),
      recorded: detail.originalMeasuredAt == null ? '' : original(Date.parse(detail.originalMeasuredAt)),
    };
    facts.forEach((element, fact) => {
      say(element, words[fact]);
      element.parentElement!.hidden = words[fact] === '';
    });
    mark(list, { worst: detail.worstAlert ?? 'none', current: String(shown.isCurrent) });
  };
}

function showWays(links: readonly HTMLAnchorElement[], shown: Shown): void {
  const { previous, next, others } = neighbours(shown.fleet.trains.values(), shown.id);
  for (const link of links) {
    const train = link.dataset['way'] === 'previous' ? previous : next;
    if (train === null) {
      link.removeAttribute('href');
      link.setAttribute('aria-disabled', 'true');
      link.setAttribute('role', 'link');
      link.title = shown.fleet.at === null ? 'Waiting for the first data' : 'No other train has an open alert';
    } else {
      // The same length of time, but this train's own anomaly and moment.
      const range = new URLSearchParams(location.search).get('range');
      link.href = `/trains/${encodeURIComponent(train.id)}${range === null ? '' : `?range=${range}`}`;
      link.removeAttribute('aria-disabled');
      link.removeAttribute('role');
      link.title = `${train.name}, ${train.worstAlert} · ${others} other ${others === 1 ? 'train has' : 'trains have'} open alerts`;
    }
  }
}
