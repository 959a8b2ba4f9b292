/** "20:58:01", UTC. */
export function utcTime(at: Date): string {
  return at.toISOString().slice(11, 19);
}

/** "20:58:01 UTC", or with the date when it is not today's. */
export function asOf(at: Date, now: Date): string {
  const day = at.toISOString().slice(0, 10);
  return day === now.toISOString().slice(0, 10) ? `${utcTime(at)} UTC` : `${day} ${utcTime(at)} UTC`;
}

/** Shows the time in the element, on the second. */
export function mountClock(element: HTMLTimeElement): void {
  const tick = () => {
    const now = new Date();
    element.dateTime = now.toISOString();
    element.textContent = `${utcTime(now)} UTC`;
    setTimeout(tick, 1000 - (Date.now() % 1000));
  };
  tick();
}
