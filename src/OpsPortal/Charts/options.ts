/** What a chart shows, without how: plain data, so that every page says it in the same way. */
export interface ChartData {
  kind: 'line' | 'bar' | 'scatter';
  /** What the picture says, in one sentence, for who does not see it. The whole stands in a table beside it. */
  label: string;
  /** Names along the x axis; null where x is a number or a time and stands in the points. */
  categories: readonly string[] | null;
  /** Of the points' x when there are no categories: a number, or milliseconds since 1970 (shown in the zone given). */
  xType?: 'number' | 'time';
  xName?: string;
  yName?: string;
  /** Bars on top of each other, where they are parts of a whole. */
  stacked?: boolean;
  /** Bars from left to right, for long names. */
  horizontal?: boolean;
  /** Bounds of the y axis, where the figure itself has some. */
  yMin?: number;
  yMax?: number;
  series: readonly ChartSeries[];
}

export interface ChartSeries {
  name: string;
  /** A colour of tokens.css without its dashes ("critical"); by default the next of the palette. */
  colour?: string;
  /** One value for each category; null draws a gap, never a zero. */
  values?: readonly (number | null)[];
  /** x and y, where there are no categories. */
  points?: readonly (readonly [number, number | null])[];
}

/** Colours and letters of the theme in force. */
export interface ChartColours {
  text: string;
  soft: string;
  line: string;
  ground: string;
  font: string;
  palette: readonly string[];
  named: (token: string) => string;
}

export interface ChartLook {
  colours: ChartColours;
  /** Whether anything may move. */
  moves: boolean;
  /** A time of the x axis in words; milliseconds since 1970. */
  time?: (at: number) => string;
  /** A value in words, with its unit. */
  value?: (of: number) => string;
}

const MOST_SYMBOLS = 60;
// Above this many labels or dots there is no room for words beside the picture: the library leaves some out by itself.
const SMALL = 11;

/** The library's options for a chart. Pure: the same data and look give the same options. */
export function chartOptions(data: ChartData, look: ChartLook): Record<string, unknown> {
  const { colours } = look;
  const along = axisOfCategories(data, look);
  const up = axisOfValues(data, look);
  return {
    animation: look.moves,
    animationDuration: 250,
    textStyle: { fontFamily: colours.font, color: colours.text },
    color: [...colours.palette],
    // Patterns beside colours: colour is never the only sign. Words are the page's own.
    aria: { enabled: true, label: { enabled: false }, decal: { show: data.kind === 'bar' && data.series.length > 1 } },
    legend: { show: data.series.length > 1, top: 0, left: 0, itemGap: 16, textStyle: { color: colours.soft, fontSize: SMALL + 1 }, selectedMode: false },
    grid: { left: 4, right: 16, top: data.series.length > 1 ? 52 : 30, bottom: data.xName === undefined ? 4 : 22, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    tooltip: {
      trigger: data.kind === 'scatter' ? 'item' : 'axis',
      // Drawn into the canvas: the page's policy takes no styles in markup, and texts of trains are never markup.
      renderMode: 'richText',
      confine: true,
      transitionDuration: 0,
      axisPointer: { type: data.kind === 'bar' ? 'shadow' : 'line', animation: false },
      backgroundColor: colours.ground,
      borderColor: colours.line,
      textStyle: { color: colours.text, fontFamily: colours.font, fontSize: SMALL + 1 },
      valueFormatter: (value: unknown) => (typeof value === 'number' ? words(value, look) : '–'),
    },
    xAxis: data.horizontal === true ? up : along,
    yAxis: data.horizontal === true ? { ...along, inverse: true } : up,
    series: data.series.map((series) => oneSeries(data, series, colours)),
  };
}

function axisOfCategories(data: ChartData, look: ChartLook): Record<string, unknown> {
  const { colours } = look;
  const shared = {
    name: data.xName ?? '',
    nameLocation: 'middle',
    nameGap: 26,
    nameTextStyle: { color: colours.soft, fontSize: SMALL },
    axisLabel: { color: colours.soft, fontSize: SMALL, hideOverlap: true },
    axisLine: { lineStyle: { color: colours.line } },
    axisTick: { show: false },
  };
  if (data.categories !== null) {
    return { ...shared, type: 'category', data: [...data.categories], boundaryGap: data.kind !== 'line' };
  }

  const label = data.xType === 'time' && look.time !== undefined ? { ...shared.axisLabel, formatter: look.time } : shared.axisLabel;
  return { ...shared, type: data.xType === 'time' ? 'time' : 'value', scale: true, splitLine: { show: false }, axisLabel: label };
}

function axisOfValues(data: ChartData, look: ChartLook): Record<string, unknown> {
  const { colours } = look;
  return {
    type: 'value',
    name: data.yName ?? '',
    nameLocation: data.horizontal === true ? 'middle' : 'end',
    nameGap: data.horizontal === true ? 26 : 12,
    nameTextStyle: { color: colours.soft, fontSize: SMALL, align: data.horizontal === true ? 'center' : 'left' },
    // A bar's length is its value: it begins at zero. A line may begin where its values do.
    scale: data.kind !== 'bar',
    ...(data.yMin === undefined ? {} : { min: data.yMin }),
    ...(data.yMax === undefined ? {} : { max: data.yMax }),
    axisLabel: { color: colours.soft, fontSize: SMALL, hideOverlap: true },
    splitLine: { lineStyle: { color: colours.line } },
    ...(wholeNumbers(data) ? { minInterval: 1 } : {}),
  };
}

function oneSeries(data: ChartData, series: ChartSeries, colours: ChartColours): Record<string, unknown> {
  const values = data.categories === null ? (series.points ?? []).map((point) => [...point]) : [...(series.values ?? [])];
  return {
    type: data.kind,
    name: series.name,
    data: values,
    connectNulls: false,
    ...(series.colour === undefined ? {} : { color: colours.named(series.colour) }),
    ...(data.stacked === true ? { stack: 'all' } : {}),
    ...(data.kind === 'bar' ? { barMaxWidth: 36 } : {}),
    ...(data.kind === 'line' ? { showSymbol: values.length <= MOST_SYMBOLS, symbolSize: 6, lineStyle: { width: 2 } } : {}),
    ...(data.kind === 'scatter' ? { symbolSize: 7, large: values.length > 5_000 } : {}),
    emphasis: { disabled: true },
  };
}

function words(value: number, look: ChartLook): string {
  return look.value === undefined ? value.toLocaleString('en-GB') : look.value(value);
}

function wholeNumbers(data: ChartData): boolean {
  return data.categories !== null && data.series.every((series) => (series.values ?? []).every((value) => value === null || Number.isInteger(value)));
}
