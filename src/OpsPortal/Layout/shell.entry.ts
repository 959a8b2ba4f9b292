import { mountClock } from './clock';
import { mountConnection } from './connection';
import { mountReconnect } from './reconnect';
import { mountThemeSwitch } from './theme';

const part = <T extends HTMLElement>(id: string) => document.getElementById(id) as T | null;

const theme = part('theme');
if (theme !== null) {
  mountThemeSwitch(theme);
}

const clock = part<HTMLTimeElement>('clock');
if (clock !== null) {
  mountClock(clock);
}

const lost = part('components-reconnect-modal');
if (lost !== null) {
  mountReconnect(lost);
}

const chip = part('connection');
const news = part('connection-news');
const page = part('content');
if (chip !== null && news !== null && page !== null) {
  mountConnection(chip, news, page, lost);
}
