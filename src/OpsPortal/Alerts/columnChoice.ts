import { make } from '../Layout/dom';

const COLUMNS = { subsystem: 'subsystem', why: 'explanation', raised: 'raised', anomalies: 'anomalies', last: 'last anomaly' } as const;

/** The columns that are hidden, of those there are. */
export function readHidden(text: string | null): string[] {
  return (text ?? '').split(' ').filter((name) => name in COLUMNS);
}

/** Which columns the list shows: this operator's choice, kept in this browser. The style sheet does the hiding. */
export class ColumnChoice extends HTMLElement {
  connectedCallback(): void {
    const hidden = readHidden(localStorage.getItem(this.#key));
    const details = make('details', 'columns');
    details.append(make('summary', '', 'Columns'));
    const list = details.appendChild(make('ul'));
    for (const [name, words] of Object.entries(COLUMNS)) {
      const label = list.appendChild(make('li')).appendChild(make('label'));
      const box = label.appendChild(make('input'));
      box.type = 'checkbox';
      box.value = name;
      box.checked = !hidden.includes(name);
      label.append(words);
    }

    details.addEventListener('change', () => {
      const gone = [...details.querySelectorAll('input')].filter((box) => !box.checked).map((box) => box.value);
      localStorage.setItem(this.#key, gone.join(' '));
      apply(gone);
    });
    this.replaceChildren(details);
    apply(hidden);
  }

  get #key(): string {
    return `alert-columns:${this.getAttribute('operator') ?? ''}`;
  }
}

function apply(hidden: readonly string[]): void {
  document.documentElement.dataset['hiddenColumns'] = hidden.join(' ');
}
