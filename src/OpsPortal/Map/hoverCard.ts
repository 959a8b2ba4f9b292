import type { View } from '../Fleet/live.entry';
import { connectivityWords } from '../Fleet/words';
import { make, mark, say } from '../Layout/dom';

export interface HoverCard {
  at(id: string | null, x: number, y: number): void;
  show(view: View): void;
}

/** A small card at the train under the pointer. For eyes only: the panel and the list say the same and more. */
export function hoverCard(frame: HTMLElement): HoverCard {
  const card = frame.appendChild(make('div', 'hover-card'));
  card.setAttribute('aria-hidden', 'true');
  card.hidden = true;
  const head = card.appendChild(make('p', 'head'));
  const badge = head.appendChild(make('span', 'mark'));
  const name = head.appendChild(make('span', 'name'));
  const facts = card.appendChild(make('p', 'facts-line'));
  const worst = card.appendChild(make('p', 'why'));
  let over: string | null = null;
  let shown: View | undefined;

  function show(view: View): void {
    shown = view;
    const train = over === null ? undefined : view.fleet.trains.get(over);
    card.hidden = train === undefined;
    if (train === undefined) {
      return;
    }

    mark(badge, { kind: train.worstAlert ?? (view.isCurrent ? train.connectivity : 'unknown') });
    say(name, train.name);
    say(facts, `${train.speed === null ? 'speed not known' : `${train.speed.toFixed(0)} km/h`} · ${connectivityWords(train.connectivity, view.isCurrent)}`);
    const alert = view.fleet.alertsOf(train.id)[0];
    say(worst, alert === undefined ? (view.isCurrent ? 'no open alert' : 'no open alert when the data stopped') : `${alert.severity}: ${alert.explanation}`);
    mark(card, { severity: alert?.severity ?? null });
  }

  return {
    at(id, x, y) {
      over = id;
      if (shown !== undefined) {
        show(shown);
      }

      if (id !== null) {
        // Beside the pointer, on the side where there is room.
        const left = x + 18 + card.offsetWidth > frame.clientWidth ? x - 18 - card.offsetWidth : x + 18;
        const top = y + 14 + card.offsetHeight > frame.clientHeight ? y - 14 - card.offsetHeight : y + 14;
        card.style.translate = `${Math.max(4, left)}px ${Math.max(4, top)}px`;
      }
    },
    show,
  };
}
