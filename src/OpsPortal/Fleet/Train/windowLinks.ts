import { bounds, type Range } from './range';

/** The window shown goes along into the workbench and the extracts, and leads back; to whole seconds, so that the links are not new at every look. */
export function leadWithWindow(page: HTMLElement, range: Range, now: number): void {
  const { from, to } = bounds(range, now);
  for (const link of page.querySelectorAll<HTMLAnchorElement>('.to-workbench, .to-extracts')) {
    const address = new URL(link.href);
    address.searchParams.set('from', new Date(Math.floor(from / 1000) * 1000).toISOString());
    address.searchParams.set('to', new Date(Math.ceil(to / 1000) * 1000).toISOString());
    address.searchParams.set('back', `${location.pathname}${location.search}`);
    const next = `${address.pathname}${address.search}`;
    if (link.getAttribute('href') !== next) {
      link.setAttribute('href', next);
    }
  }
}
