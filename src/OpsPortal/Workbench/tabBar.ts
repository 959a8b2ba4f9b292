import { keyed, make, say } from '../Layout/dom';
import type { Tab, Tabs } from './tabStore';

/** The tabs, as the pattern for tabs asks: arrows go from one to the next, Delete closes, F2 or a double click renames. */
export function showTabs(bar: HTMLElement, tabs: Tabs, events: { choose(tab: Tab): void; close(tab: Tab): void; rename(tab: Tab, title: string): void }): void {
  const find = (element: Element) => tabs.tabs.find((tab) => tab.id === (element as HTMLElement).closest<HTMLElement>('[data-key]')?.dataset['key']);
  const rename = (tab: Tab) => {
    const title = prompt('Name of this query', tab.title)?.trim();
    if (title) {
      events.rename(tab, title.slice(0, 40));
    }
  };
  keyed(bar, tabs.tabs, (tab) => tab.id, () => {
    const item = make('div', 'query-tab');
    item.setAttribute('role', 'presentation');
    const button = make('button', 'tab-name');
    button.type = 'button';
    button.setAttribute('role', 'tab');
    button.addEventListener('click', () => events.choose(find(button)!));
    button.addEventListener('dblclick', () => rename(find(button)!));
    button.addEventListener('keydown', (event) => {
      const index = tabs.tabs.findIndex((tab) => tab === find(button));
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (step !== undefined) {
        events.choose(tabs.tabs.at((index + step) % tabs.tabs.length)!);
        bar.querySelector<HTMLElement>('[role=tab][aria-selected=true]')?.focus();
      } else if (event.key === 'Delete') {
        events.close(find(button)!);
        bar.querySelector<HTMLElement>('[role=tab][aria-selected=true]')?.focus();
      } else if (event.key === 'F2') {
        rename(find(button)!);
      }
    });
    const close = make('button', 'tab-close', '×');
    close.type = 'button';
    close.tabIndex = -1;
    close.setAttribute('aria-hidden', 'true');
    close.title = 'Close (Delete)';
    close.addEventListener('click', () => events.close(find(close)!));
    item.append(button, close);
    return item;
  }, (item, tab) => {
    const button = item.querySelector('button')!;
    const isActive = tab.id === tabs.active;
    say(button, tab.title);
    button.setAttribute('aria-selected', String(isActive));
    button.tabIndex = isActive ? 0 : -1;
  });
}
