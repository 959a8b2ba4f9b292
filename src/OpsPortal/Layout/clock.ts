import { zone, zoned } from './zone';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** "20:58:01 GMT" in the operator's zone; "20 Nov 20:58:01 GMT" when it is not today, with the year when it is not this one. */
export function asOf(at: Date, now: Date, id = zone()): string {
  const moment = zoned(at, id);
  const today = zoned(now, id);
  const time = `${moment.time} ${moment.name}`;
  if (moment.date === today.date) {
    return time;
  }

  const [year, month, day] = moment.date.split('-').map(Number) as [number, number, number];
  const date = `${day} ${MONTHS[month - 1]}`;
  return moment.date.slice(0, 4) === today.date.slice(0, 4) ? `${date} ${time}` : `${date} ${year} ${time}`;
}

/** Shows the time in the element, on the second. */
export function mountClock(element: HTMLTimeElement): void {
  element.title = `Now, in ${zone()}`;
  const tick = () => {
    const now = new Date();
    element.dateTime = now.toISOString();
    element.textContent = asOf(now, now);
    setTimeout(tick, 1000 - (Date.now() % 1000));
  };
  tick();
}
