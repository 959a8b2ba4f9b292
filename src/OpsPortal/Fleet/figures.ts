import { asOf } from '../Layout/clock';
import { mark, say } from '../Layout/dom';
import { MINUTES } from './fleet';
import type { View } from './live.entry';
import { mountSparkline } from './sparkline';
import { duration } from './words';

/** The values of the strip by figure; null where there is none. */
export function figureValues(view: Pick<View, 'fleet' | 'latency'>): Record<string, string | null> {
  if (view.fleet.at === null) {
    return {};
  }

  const trains = [...view.fleet.trains.values()];
  const alerts = [...view.fleet.alerts.values()];
  const recent = view.fleet.recentAnomalies();
  const connected = (word: string) => String(trains.filter((train) => train.connectivity === word).length);
  const open = (severity: string) => String(alerts.filter((alert) => alert.severity === severity).length);
  return {
    online: connected('online'),
    stale: connected('stale'),
    offline: connected('offline'),
    unknown: connected('unknown'),
    critical: open('critical'),
    warning: open('warning'),
    watch: open('watch'),
    anomalies: `${recent.areAll ? '' : '≥ '}${recent.count}`,
    latency: view.latency === null ? null : duration(view.latency),
  };
}

/** Shows the figures, each with its "as of"; what is not current is marked so and keeps its last value, dated. */
export function mountFigures(strip: HTMLElement): (view: View) => void {
  const figures = [...strip.querySelectorAll<HTMLElement>('[data-figure]')];
  const spark = strip.querySelector<SVGSVGElement>('svg.spark');
  const drawMinutes = spark === null ? undefined : mountSparkline(spark, MINUTES);
  let values: Record<string, string | null> = {};
  return (view) => {
    // Figures stand still when the data does: counted later, they would not be of the moment that stands beside them.
    if (view.isCurrent) {
      values = figureValues(view);
      drawMinutes?.(view.fleet.anomaliesByMinute());
    }

    const dated = view.asOf === null ? 'no data yet' : `as of ${unbroken(asOf(new Date(view.asOf), new Date(view.now)))}`;
    for (const figure of figures) {
      const value = values[figure.dataset['figure']!] ?? null;
      say(figure.querySelector('.value')!, value ?? '–');
      say(figure.querySelector('.as-of')!, value === null ? 'no data yet' : dated);
      figure.title = value?.startsWith('≥') ? 'This page has not been open for a whole minute yet: at least so many.' : '';
      mark(figure, { current: String(view.isCurrent && value !== null), zero: value === '0' ? '' : null });
    }
  };
}

// A narrow figure breaks before the time, never inside it.
function unbroken(words: string): string {
  return words.replaceAll(' ', '\u00a0');
}
