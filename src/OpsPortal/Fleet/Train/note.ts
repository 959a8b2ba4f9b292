import { asOf } from '../../Layout/clock';
import { mark, say } from '../../Layout/dom';

export type PanelState = 'loading' | 'ready' | 'empty' | 'error';

/** What a panel says of itself: whether it is loading, as of when it holds, or why it could not be renewed. What was known stays, dated. */
export function note(element: HTMLElement, state: PanelState, asOfMs: number | null, now: number, words = ''): void {
  const dated = asOfMs === null ? '' : `as of ${asOf(new Date(asOfMs), new Date(now))}`;
  mark(element, { state });
  mark(element.closest<HTMLElement>('section')!, { panel: state });
  switch (state) {
    case 'loading':
      return say(element, 'Loading…');
    case 'error':
      return say(element, `${words || 'Could not be read.'} ${dated === '' ? 'Nothing known yet.' : `What is shown is ${dated}.`}`);
    default:
      return say(element, [words, dated].filter((part) => part !== '').join(' · '));
  }
}
