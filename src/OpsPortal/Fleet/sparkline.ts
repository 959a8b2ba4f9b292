const SVG = 'http://www.w3.org/2000/svg';
const HEIGHT = 22;
const STEP = 5;

/** Bars by minute, oldest first; a minute of which not all is known is a dotted stump, never a zero. */
export function mountSparkline(svg: SVGSVGElement, length: number): (counts: readonly (number | null)[]) => void {
  svg.setAttribute('viewBox', `0 0 ${length * STEP} ${HEIGHT}`);
  const bars = Array.from({ length }, (_, i) => {
    const bar = svg.appendChild(document.createElementNS(SVG, 'rect'));
    bar.setAttribute('x', String(i * STEP));
    bar.setAttribute('width', String(STEP - 1));
    return bar;
  });
  let said = '';
  return (counts) => {
    const words = sparkWords(counts);
    if (words === said) {
      return;
    }

    said = words;
    svg.setAttribute('aria-label', words);
    const highest = Math.max(4, ...counts.map((count) => count ?? 0));
    bars.forEach((bar, i) => {
      const count = counts[i] ?? null;
      const height = count === null || count === 0 ? 1.5 : Math.max(3, (count / highest) * HEIGHT);
      bar.setAttribute('y', String(HEIGHT - height));
      bar.setAttribute('height', String(height));
      bar.setAttribute('class', count === null ? 'unknown' : count === 0 ? 'zero' : 'some');
    });
  };
}

/** The same in words. */
export function sparkWords(counts: readonly (number | null)[]): string {
  return `Anomalies by minute, the last ${counts.length} minutes, oldest first: ${counts.map((count) => count ?? 'not known').join(', ')}`;
}
