import { asOf } from '../Layout/clock';
import { mark, say } from '../Layout/dom';

export interface Opened {
  address: string;
  endsAt: string;
  seconds: number;
}

// What the dashboard needs, and no more: it may not move the portal's own page.
const SANDBOX = 'allow-scripts allow-same-origin allow-forms allow-popups allow-downloads';

/** Opens the dashboard in a frame, says when its session is over, and opens it again when asked to. */
export function mountDashboard(page: HTMLElement, open: () => Promise<Opened>): { remove(): void } {
  const part = (selector: string) => page.querySelector<HTMLElement>(selector)!;
  const [said, problem, place] = [part('[data-said]'), part('.problem'), part('.dashboard-place')];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let endsAt = Infinity;

  async function load(): Promise<void> {
    state('loading', 'Opening the dashboard…', null);
    try {
      const opened = await open();
      // By this machine's clock, which may be another than the portal's.
      endsAt = Date.now() + opened.seconds * 1000;
      place.replaceChildren(frame(opened.address));
      state('open', `Open until ${asOf(new Date(endsAt), new Date())}`, null);
      watch();
    } catch (trouble) {
      state('error', 'The dashboard is not open.', (trouble as Error).message);
    }
  }

  // A new frame each time: an address put into one that stands would be another step back in the browser's history.
  function frame(address: string): HTMLIFrameElement {
    const made = document.createElement('iframe');
    made.className = 'dashboard-frame';
    made.title = page.dataset['title'] ?? 'Dashboard';
    made.setAttribute('sandbox', SANDBOX);
    made.src = address;
    return made;
  }

  // A machine that slept has missed its timers.
  function watch(): void {
    clearTimeout(timer);
    if (page.dataset['state'] !== 'open') {
      return;
    }

    if (Date.now() >= endsAt) {
      place.replaceChildren();
      state('over', 'Session over.', 'Session over. Open again to go on.');
    } else {
      timer = setTimeout(watch, endsAt - Date.now());
    }
  }

  function state(now: 'loading' | 'open' | 'over' | 'error', words: string, trouble: string | null): void {
    mark(page, { state: now });
    say(said, words);
    problem.hidden = trouble === null;
    say(problem.querySelector('p')!, trouble ?? '');
    if (now !== 'open') {
      place.replaceChildren();
    }
  }

  const again = () => void load();
  problem.querySelector('button')!.addEventListener('click', again);
  document.addEventListener('visibilitychange', watch);
  void load();
  return {
    remove() {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', watch);
      problem.querySelector('button')!.removeEventListener('click', again);
      place.replaceChildren();
    },
  };
}
