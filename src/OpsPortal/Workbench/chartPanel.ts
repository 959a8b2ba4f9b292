import type { Chart } from '../Charts/chart';
import { make, say } from '../Layout/dom';
import { drawChart, positionsOf, wrongWith } from './chartData';
import type { PositionsMap } from './positionsMap';
import type { Cell, Column, SavedChart } from './wire';

export interface ChartPanel {
  /** Draws the rows as the choice says, or says why not. */
  show(columns: readonly Column[], rows: readonly (readonly Cell[])[], chart: SavedChart): void;
  hide(): void;
}

const KINDS = { line: 'Line', bar: 'Bars', scatter: 'Dots', map: 'Map of positions' } as const;

/** What is drawn, and how, to be chosen; below it the picture. The libraries come only when a chart is shown. */
export function mountChartPanel(panel: HTMLElement, changed: (chart: SavedChart) => void): ChartPanel {
  const part = <T extends HTMLElement>(selector: string) => panel.querySelector<T>(selector)!;
  const picture = part('.chart-picture');
  let drawn: { kind: 'chart'; it: Chart } | { kind: 'map'; it: PositionsMap } | null = null;
  let turn = 0;
  const clear = () => {
    drawn?.it.remove();
    drawn = null;
    picture.replaceChildren();
  };

  async function draw(columns: readonly Column[], rows: readonly (readonly Cell[])[], chart: SavedChart): Promise<void> {
    const mine = ++turn;
    const wrong = wrongWith(chart, columns);
    if (wrong !== null) {
      clear();
      say(part('.chart-notes'), wrong);
      return;
    }

    if (chart.kind === 'map') {
      const { mountPositions } = await import('./positionsMap');
      if (mine === turn && drawn?.kind !== 'map') {
        clear();
        const map = await mountPositions(picture);
        if (mine !== turn) {
          return map.remove();
        }

        drawn = { kind: 'map', it: map };
      }

      if (mine === turn && drawn?.kind === 'map') {
        const { positions, notes } = positionsOf(rows, columns, chart);
        drawn.it.show(positions);
        say(part('.chart-notes'), notes.join(' '));
      }

      return;
    }

    const { mountChart } = await import('../Charts/chart');
    if (mine !== turn) {
      return;
    }

    if (drawn?.kind !== 'chart') {
      clear();
      drawn = { kind: 'chart', it: mountChart(picture, { time: (at) => new Date(at).toISOString().slice(0, 16).replace('T', ' ') }) };
    }

    const { data, notes } = drawChart(rows, columns, chart);
    drawn.it.show(data);
    say(part('.chart-notes'), notes.join(' '));
  }

  function fields(columns: readonly Column[], chart: SavedChart): void {
    const numbers = columns.filter((column) => column.type === 'number' || column.type === 'wholeNumber');
    const isMap = chart.kind === 'map';
    const along = isMap ? numbers : columns;
    const choose = (label: string, options: readonly (readonly [string, string])[], value: string, set: (value: string) => SavedChart) => {
      const box = make('label', 'chart-choice', label);
      const select = box.appendChild(make('select'));
      select.append(...options.map(([option, text]) => new Option(text, option)));
      select.value = value;
      select.addEventListener('change', () => changed(set(select.value)));
      return box;
    };
    const names = (of: readonly Column[]) => of.map((column) => [column.name, column.name] as const);
    part('.chart-choices').replaceChildren(
      choose('Chart', Object.entries(KINDS), chart.kind, (kind) => ({ ...chart, kind: kind as SavedChart['kind'] })),
      choose(isMap ? 'Longitude' : 'Along', names(along), chart.x, (x) => ({ ...chart, x })),
      choose(isMap ? 'Latitude' : 'Values', names(numbers), chart.y[0] ?? '', (y) => ({ ...chart, y: isMap ? [y] : [y, ...chart.y.slice(1).filter((other) => other !== y)] })),
      ...(isMap || numbers.length < 2 ? [] : [choose('and', [['', 'nothing else'], ...names(numbers.filter((column) => column.name !== chart.y[0]))], chart.y[1] ?? '', (y) => ({ ...chart, y: [chart.y[0]!, ...(y === '' ? [] : [y])] }))]),
      ...(isMap ? [] : [choose('One for each', [['', 'nothing'], ...names(columns.filter((column) => column.name !== chart.x))], chart.by ?? '', (by) => ({ ...chart, by: by === '' ? null : by }))]));
  }

  return {
    show(columns, rows, chart) {
      panel.hidden = false;
      // A choice that is being made keeps its place.
      const focused = [...panel.querySelectorAll('select')].indexOf(document.activeElement as HTMLSelectElement);
      fields(columns, chart);
      panel.querySelectorAll('select')[focused]?.focus();
      draw(columns, rows, chart).catch((trouble: Error) => say(part('.chart-notes'), `The chart cannot be drawn: ${trouble.message}`));
    },
    hide() {
      turn++;
      panel.hidden = true;
      clear();
    },
  };
}
