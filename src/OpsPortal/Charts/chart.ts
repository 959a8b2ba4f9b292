import { BarChart, LineChart, ScatterChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { watchTheme } from '../Layout/theme';
import { type ChartColours, type ChartData, chartOptions, type ChartLook } from './options';

export type { ChartData, ChartSeries } from './options';

use([AriaComponent, BarChart, CanvasRenderer, GridComponent, LegendComponent, LineChart, ScatterChart, TooltipComponent]);

const PALETTE = ['accent', 'watch', 'warning', 'stale', 'critical', 'offline'];

/** A chart in the page. */
export interface Chart {
  show(data: ChartData): void;
  /** Takes everything away that showing brought. */
  remove(): void;
}

/**
 * Draws charts into the element, which needs a height of its own; anew on every change of theme and size. A table with the same values belongs beside it.
 * @param words How times and values are said.
 */
export function mountChart(element: HTMLElement, words: Pick<ChartLook, 'time' | 'value'> = {}): Chart {
  const chart = init(element, null, { renderer: 'canvas' });
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  let shown: ChartData | null = null;
  const draw = () => {
    if (shown !== null) {
      // Whole and not merged: nothing of the chart before stays.
      chart.setOption(chartOptions(shown, { ...words, colours: readChartColours(), moves: !still.matches }), { notMerge: true });
    }
  };
  // Paper waits for no next frame.
  const print = () => {
    draw();
    chart.getZr().flush();
  };
  addEventListener('beforeprint', print);
  const observer = new ResizeObserver(() => chart.resize());
  observer.observe(element);
  const stop = watchTheme(draw);
  element.setAttribute('role', 'img');
  return {
    show(data) {
      shown = data;
      element.setAttribute('aria-label', data.label);
      draw();
    },
    remove() {
      stop();
      observer.disconnect();
      removeEventListener('beforeprint', print);
      chart.dispose();
      element.removeAttribute('role');
      element.removeAttribute('aria-label');
    },
  };
}

/** The charts' colours from the theme in force. */
export function readChartColours(): ChartColours {
  const style = getComputedStyle(document.documentElement);
  const named = (token: string) => style.getPropertyValue(`--${token}`).trim();
  return { text: named('text'), soft: named('text-soft'), line: named('line'), ground: named('raised'), font: named('font'), palette: PALETTE.map(named), named };
}
