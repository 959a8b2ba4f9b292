import type { Severity, WireAlert } from '../Feed/frames';

const EVERY = 6_000;
const ORDER: readonly Severity[] = ['critical', 'warning', 'watch'];

/** What is read out for a handful of new alerts: the worst in full, the rest as a number. */
export function announcement(alerts: readonly Pick<WireAlert, 'severity' | 'trainId' | 'explanation'>[]): string {
  const [worst, ...rest] = [...alerts].sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  if (worst === undefined) {
    return '';
  }

  const more = rest.length === 0 ? '' : ` And ${rest.length} more new ${rest.length === 1 ? 'alert' : 'alerts'}.`;
  return `New ${worst.severity} alert, train ${worst.trainId}: ${worst.explanation}.${more}`;
}

/** Reads new alerts out politely, gathered so that a storm is one sentence. */
export function announceAlerts(region: HTMLElement): (alerts: readonly WireAlert[]) => void {
  let waiting: WireAlert[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  let spokenAt = -Infinity;
  const speak = () => {
    timer = undefined;
    spokenAt = performance.now();
    region.textContent = announcement(waiting);
    waiting = [];
  };
  return (alerts) => {
    waiting = waiting.concat(alerts);
    if (waiting.length > 0 && timer === undefined) {
      timer = setTimeout(speak, Math.max(300, spokenAt + EVERY - performance.now()));
    }
  };
}
