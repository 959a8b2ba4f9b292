import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { mountDashboard, type Opened } from './dashboard';

// As much of a page as the module touches.
class Piece {
  dataset: Record<string, string> = {};
  hidden = false;
  textContent = '';
  src = '';
  className = '';
  title = '';
  children: Piece[] = [];
  attributes: Record<string, string> = {};
  listeners: Record<string, () => void> = {};
  parts: Record<string, Piece> = {};
  querySelector = (selector: string) => (this.parts[selector] ??= new Piece());
  replaceChildren = (...children: Piece[]) => void (this.children = children);
  setAttribute = (name: string, value: string) => void (this.attributes[name] = value);
  addEventListener = (name: string, listener: () => void) => void (this.listeners[name] = listener);
  removeEventListener = (name: string) => void delete this.listeners[name];
}

const opened: Opened = { address: 'https://eu-west-2.quicksight.aws.amazon.com/embed/one?code=secret', endsAt: '2026-11-21T22:00:00Z', seconds: 900 };
let page: Piece;
let events: Piece;

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-21T21:00:00Z') });
  [page, events] = [new Piece(), new Piece()];
  vi.stubGlobal('document', { cookie: '', createElement: () => new Piece(), addEventListener: events.addEventListener, removeEventListener: events.removeEventListener });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const mount = (open: () => Promise<Opened>) => mountDashboard(page as unknown as HTMLElement, open);
const place = () => page.querySelector('.dashboard-place');
const problem = () => page.querySelector('.problem');

test('the address is in the sandboxed frame and nowhere else, until the session is over', async () => {
  page.dataset['title'] = 'Fleet';
  mount(() => Promise.resolve(opened));
  expect(page.dataset['state']).toBe('loading');
  await vi.advanceTimersByTimeAsync(0);

  const [frame] = place().children;
  expect(page.dataset['state']).toBe('open');
  expect(frame).toMatchObject({ src: opened.address, title: 'Fleet' });
  expect(frame!.attributes['sandbox']).not.toContain('allow-top-navigation');
  expect(JSON.stringify([page.dataset, page.querySelector('[data-said]').textContent])).not.toContain('secret');

  await vi.advanceTimersByTimeAsync(900_000);
  expect([page.dataset['state'], place().children.length, problem().hidden]).toEqual(['over', 0, false]);
  expect(problem().querySelector('p').textContent).toBe('Session over. Open again to go on.');
});

test('what went wrong is said, and opening again asks anew', async () => {
  const open = vi.fn().mockRejectedValueOnce(new Error('QuickSight is asked too often now.')).mockResolvedValue(opened);
  mount(open);
  await vi.advanceTimersByTimeAsync(0);
  expect([page.dataset['state'], problem().querySelector('p').textContent]).toEqual(['error', 'QuickSight is asked too often now.']);

  problem().querySelector('button').listeners['click']!();
  await vi.advanceTimersByTimeAsync(0);
  expect([page.dataset['state'], problem().hidden, place().children.length, open.mock.calls.length]).toEqual(['open', true, 1, 2]);
});

test('a machine that slept past the end finds the session over when it is looked at', async () => {
  mount(() => Promise.resolve(opened));
  await vi.advanceTimersByTimeAsync(0);
  vi.setSystemTime(new Date('2026-11-21T23:00:00Z'));
  events.listeners['visibilitychange']!();
  expect(page.dataset['state']).toBe('over');
});

test('what is removed leaves nothing behind', async () => {
  const handle = mount(() => Promise.resolve(opened));
  await vi.advanceTimersByTimeAsync(0);
  handle.remove();
  expect([place().children.length, Object.keys(events.listeners).length, vi.getTimerCount()]).toEqual([0, 0, 0]);
});
