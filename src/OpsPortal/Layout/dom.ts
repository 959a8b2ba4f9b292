import { readable } from './readable';

/** Makes an element with classes and text. Text is only ever set as text. */
export function make<K extends keyof HTMLElementTagNameMap>(tag: K, className = '', text = ''): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = readable(text);
  return element;
}

/** Sets text only when it differs, so that nothing is laid out or read out anew without need. */
export function say(element: Element, text: string): void {
  const shown = readable(text);
  if (element.textContent !== shown) {
    element.textContent = shown;
  }
}

/** Sets or removes data attributes only where they differ. */
export function mark(element: HTMLElement, data: Record<string, string | null>): void {
  for (const [name, value] of Object.entries(data)) {
    if (value === null) {
      delete element.dataset[name];
    } else if (element.dataset[name] !== value) {
      element.dataset[name] = value;
    }
  }
}

/** Keeps one child per key in the given order: creates what is new, removes what is gone, moves only what must. */
export function keyed<T>(parent: HTMLElement, items: readonly T[], key: (item: T) => string, create: (item: T) => HTMLElement, update: (element: HTMLElement, item: T) => void): void {
  const present = new Map([...parent.children].map((child) => [(child as HTMLElement).dataset['key'] ?? '', child as HTMLElement]));
  let place: Element | null = parent.firstElementChild;
  for (const item of items) {
    const id = key(item);
    let element = present.get(id);
    present.delete(id);
    if (element === undefined) {
      element = create(item);
      element.dataset['key'] = id;
    }

    if (element === place) {
      place = place.nextElementSibling;
    } else {
      parent.insertBefore(element, place);
    }

    update(element, item);
  }

  present.forEach((element) => element.remove());
}
