import { mountClock } from './clock';
import { mountConnection } from './connection';
import { mountPresence, tellPortal } from './presence';
import { mountReconnect } from './reconnect';
import { mountThemeSwitch } from './theme';
import { keepBrowserZone, mountZoneSwitch } from './zone';

const part = <T extends HTMLElement>(id: string) => document.getElementById(id) as T | null;

const theme = part('theme');
if (theme !== null) {
  mountThemeSwitch(theme);
}

if (document.querySelector('.signed-in') !== null) {
  mountPresence(document, tellPortal);
}

const zones = part<HTMLSelectElement>('zone');
if (zones !== null) {
  mountZoneSwitch(zones, document.querySelector('.signed-in .who')?.textContent ?? '');
} else {
  keepBrowserZone();
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
