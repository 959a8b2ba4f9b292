import { make } from '../Layout/dom';

/** A filter under a name. */
export interface SavedView {
  name: string;
  address: string;
}

/** Reads what was kept; what cannot be read, or leads elsewhere, counts as nothing. */
export function readViews(text: string | null): SavedView[] {
  try {
    const kept: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(kept) ? kept.filter(isView) : [];
  } catch {
    return [];
  }
}

/** With this view added; one of the same name is replaced. */
export function addView(views: readonly SavedView[], view: SavedView): SavedView[] {
  return [...views.filter((other) => other.name !== view.name), view].sort((a, b) => a.name.localeCompare(b.name));
}

function isView(value: unknown): value is SavedView {
  const view = value as SavedView;
  return typeof view?.name === 'string' && view.name !== '' && typeof view.address === 'string' && /^\/alerts(\?|$)/.test(view.address);
}

/** Named filters of this operator, kept in this browser. An element of its own, so that it lives through the page's renderings. */
export class SavedViews extends HTMLElement {
  connectedCallback(): void {
    this.#show(false);
  }

  get #key(): string {
    return `alert-views:${this.getAttribute('operator') ?? ''}`;
  }

  #keep(views: SavedView[]): void {
    localStorage.setItem(this.#key, JSON.stringify(views));
    this.#show(false);
    this.querySelector<HTMLElement>('.save')?.focus();
  }

  #show(isNaming: boolean): void {
    const views = readViews(localStorage.getItem(this.#key));
    const address = this.getAttribute('address') ?? '/alerts';
    const list = make('ul', 'views');
    list.setAttribute('aria-label', 'Saved views');
    for (const view of views) {
      const item = list.appendChild(make('li'));
      const link = item.appendChild(make('a', '', view.name));
      link.href = view.address;
      if (view.address === address) {
        link.setAttribute('aria-current', 'true');
      }

      const remove = item.appendChild(make('button', 'quiet', '✕'));
      remove.type = 'button';
      remove.setAttribute('aria-label', `Remove the view ${view.name}`);
      remove.addEventListener('click', () => this.#keep(views.filter((other) => other !== view)));
    }

    this.replaceChildren(...(views.length > 0 ? [list] : []), isNaming ? this.#naming(views, address) : this.#saving());
    if (isNaming) {
      this.querySelector('input')?.focus();
    }
  }

  #saving(): HTMLElement {
    const save = make('button', 'quiet save', 'Save this view');
    save.type = 'button';
    save.addEventListener('click', () => this.#show(true));
    return save;
  }

  #naming(views: SavedView[], address: string): HTMLElement {
    const form = make('form', 'naming');
    const input = form.appendChild(make('input'));
    input.type = 'text';
    input.maxLength = 40;
    input.required = true;
    input.placeholder = 'Name of the view';
    input.setAttribute('aria-label', 'Name of the view');
    form.append(make('button', 'primary', 'Save'));
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      if (input.value.trim() !== '') {
        this.#keep(addView(views, { name: input.value.trim(), address }));
      }
    });
    form.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') {
        this.#show(false);
        this.querySelector<HTMLElement>('.save')?.focus();
      }
    });
    return form;
  }
}
