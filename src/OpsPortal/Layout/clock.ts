/** "20:58:01", UTC. */
export function utcTime(at: Date): string {
  return at.toISOString().slice(11, 19);
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "20:58:01 UTC"; "20 Nov 20:58:01 UTC" when it is not today, with the year when it is not this one. */
export function asOf(at: Date, now: Date): string {
  const time = `${utcTime(at)} UTC`;
  if (at.toISOString().slice(0, 10) === now.toISOString().slice(0, 10)) {
    return time;
  }

  const day = `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]}`;
  return at.getUTCFullYear() === now.getUTCFullYear() ? `${day} ${time}` : `${day} ${at.getUTCFullYear()} ${time}`;
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
