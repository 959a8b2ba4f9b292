import { ColumnChoice } from './columnChoice';
import { mountKeys } from './keys';
import { SavedViews } from './savedViews';

customElements.define('alert-views', SavedViews);
customElements.define('alert-columns', ColumnChoice);
mountKeys(document);

// The filter's form: a choice counts at once, and what is empty stays out of the address.
document.addEventListener('change', (event) => {
  const select = (event.target as Element).closest<HTMLSelectElement>('.narrow select');
  select?.form?.requestSubmit();
});
document.addEventListener('submit', (event) => {
  const form = event.target as HTMLFormElement;
  if (form.matches('.narrow')) {
    [...form.elements].filter((element) => 'value' in element && element.value === '').forEach((element) => ((element as HTMLInputElement).disabled = true));
  }
});
