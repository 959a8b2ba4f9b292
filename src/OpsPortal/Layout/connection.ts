import { asOf } from './clock';

/**
 * How the page hears its data. Whatever follows the feed on a page says so on an element of its own:
 * data-feed-state, data-feed-as-of (ISO time of the newest data), data-feed-why (words, optional).
 */
export type FeedState = 'connecting' | 'live' | 'silent' | 'reconnecting' | 'store' | 'signed-out' | 'not-allowed';

/** What the shell says about a state. */
export function connectionWords(state: FeedState, at: Date | null, now: Date): string {
  const dated = at === null ? 'no data yet' : `data as of ${asOf(at, now)}`;
  switch (state) {
    case 'live':
      return at === null ? 'Live' : `Live · as of ${asOf(at, now)}`;
    case 'connecting':
      return 'Connecting…';
    case 'silent':
      return `No news from the portal · ${dated}`;
    case 'reconnecting':
      return `Reconnecting · ${dated}`;
    case 'store':
      return `Store does not answer · ${dated}`;
    case 'signed-out':
      return `Signed out · ${dated}`;
    case 'not-allowed':
      return `Not allowed · ${dated}`;
  }
}

// Whatever says "live" says so anew at least once a second; when it has not for this long, it is not live, whatever it says.
const SILENT_AFTER = 5_000;

/** The state as it can be believed: "live" only while it is said anew. */
export function believed(state: FeedState, sinceSaid: number): FeedState {
  return state === 'live' && sinceSaid > SILENT_AFTER ? 'silent' : state;
}

/** Shows in the shell what the page's feed element says; state changes, and only those, are announced. */
export function mountConnection(chip: HTMLElement, news: HTMLElement, page: HTMLElement, circuit: HTMLElement | null): void {
  let said = '';
  let saidAt = performance.now();
  const show = () => {
    const source = page.querySelector<HTMLElement>('[data-feed-state]');
    if (source === null) {
      return;
    }

    // A lost circuit means that what the server would have said is not heard any more.
    const lost = circuit !== null && /components-reconnect-(show|failed|rejected)/.test(circuit.className);
    const saying = `${source.dataset['feedState']} ${source.dataset['feedAsOf']}`;
    if (saying !== said) {
      said = saying;
      saidAt = performance.now();
    }

    const state = lost ? 'reconnecting' : believed(source.dataset['feedState'] as FeedState, performance.now() - saidAt);
    const at = source.dataset['feedAsOf'] ? new Date(source.dataset['feedAsOf']) : null;
    const words = connectionWords(state, at, new Date());
    if (chip.dataset['state'] !== state) {
      news.textContent = state === 'live' ? 'Live' : words;
    }

    chip.dataset['state'] = state;
    chip.title = source.dataset['feedWhy'] ?? '';
    chip.querySelector('.words')!.textContent = words.replace(/(\d:\d\d) /g, '$1\u00a0');
  };
  const observer = new MutationObserver(show);
  observer.observe(page, { subtree: true, childList: true, attributeFilter: ['data-feed-state', 'data-feed-as-of', 'data-feed-why'] });
  if (circuit !== null) {
    observer.observe(circuit, { attributeFilter: ['class'] });
  }

  setInterval(show, 1_000);
  show();
}
