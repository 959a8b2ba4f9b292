import { make, say } from '../Layout/dom';
import { type Find, search } from './finds';

/** The search field: a combobox after the usual keyboard pattern. "/" goes to it from anywhere on the page. */
export function mountSearch(element: HTMLElement, all: () => Find[], choose: (find: Find) => void): void {
  const input = element.querySelector('input')!;
  const list = element.querySelector<HTMLElement>('[role=listbox]')!;
  const told = element.querySelector<HTMLElement>('[role=status]')!;
  let found: Find[] = [];
  let active = -1;

  function open(): void {
    const result = search(all(), input.value);
    found = result.found;
    active = found.length > 0 ? 0 : -1;
    list.replaceChildren(...found.map(option));
    const more = result.total - found.length;
    const words = input.value.trim() === '' ? '' : result.total === 0 ? 'Nothing found.' : more > 0 ? `${more} more; type on to narrow.` : `${result.total} found.`;
    say(told, words);
    told.hidden = result.total > 0 && more === 0;
    show(input.value.trim() !== '');
  }

  function show(isOpen: boolean): void {
    list.parentElement!.hidden = !isOpen;
    input.setAttribute('aria-expanded', String(isOpen && found.length > 0));
    [...list.children].forEach((child, i) => child.setAttribute('aria-selected', String(i === active)));
    const current = isOpen ? list.children[active] : undefined;
    if (current === undefined) {
      input.removeAttribute('aria-activedescendant');
    } else {
      input.setAttribute('aria-activedescendant', current.id);
      current.scrollIntoView({ block: 'nearest' });
    }
  }

  function take(find: Find | undefined): void {
    if (find !== undefined) {
      input.value = '';
      show(false);
      choose(find);
    }
  }

  input.addEventListener('input', open);
  input.addEventListener('focus', open);
  input.addEventListener('blur', () => show(false));
  input.addEventListener('keydown', (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && found.length > 0) {
      event.preventDefault();
      active = (active + step + found.length) % found.length;
      show(true);
    } else if (event.key === 'Enter') {
      take(found[active]);
    } else if (event.key === 'Escape') {
      input.value = '';
      open();
    }
  });
  // Before the field loses the focus, and with it the list.
  list.addEventListener('pointerdown', (event) => {
    event.preventDefault();
    take(found[[...list.children].indexOf((event.target as Element).closest('[role=option]')!)]);
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === '/' && !event.ctrlKey && !event.metaKey && !event.altKey && !(event.target as Element).closest('input, textarea, select')) {
      event.preventDefault();
      input.focus();
    }
  });
}

function option(find: Find, index: number): HTMLElement {
  const item = make('li');
  item.id = `found-${index}`;
  item.setAttribute('role', 'option');
  item.append(make('span', 'kind', find.kind), make('span', 'name', find.name), make('span', 'detail', find.detail));
  return item;
}
