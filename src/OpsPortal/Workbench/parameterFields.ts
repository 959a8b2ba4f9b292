import { keyed, make } from '../Layout/dom';
import { exampleValue, guessType } from './parameters';
import type { ParameterType, Typed } from './wire';

const TYPES: readonly ParameterType[] = ['text', 'number', 'boolean', 'time', 'null'];

/** A field for every parameter of the query: its type and its value. */
export function showFields(group: HTMLElement, names: readonly string[], values: Record<string, Typed>, changed: () => void): void {
  group.hidden = names.length === 0;
  const typed = (name: string): Typed => (values[name] ??= { type: guessType(name), value: guessType(name) === 'time' ? exampleValue('time', name === 'from' ? '-24h' : 'now', Date.now()) : '' });
  keyed(group, names, (name) => `${name} ${typed(name).type}`, (name) => {
    const field = make('div', 'parameter');
    const label = make('label', '', `:${name}${typed(name).type === 'time' ? ' (UTC)' : ''}`);
    const type = make('select');
    type.setAttribute('aria-label', `Type of :${name}`);
    type.append(...TYPES.map((one) => new Option(one, one)));
    const input = inputFor(typed(name).type);
    input.id = `parameter-${name}`;
    input.dataset['parameter'] = name;
    label.htmlFor = input.id;
    type.addEventListener('change', () => {
      const next = type.value as ParameterType;
      values[name] = { type: next, value: next === 'time' ? exampleValue('time', 'now', Date.now()) : next === 'boolean' ? 'true' : '' };
      changed();
      showFields(group, names, values, changed);
      document.getElementById(`parameter-${name}`)?.focus();
    });
    input.addEventListener('input', () => {
      values[name] = { ...typed(name), value: input.value };
      changed();
    });
    field.append(label, type, input);
    return field;
  }, (field, name) => {
    const type = field.querySelector<HTMLSelectElement>('select[aria-label]')!;
    const input = field.querySelector<HTMLInputElement>('[data-parameter]')!;
    type.value = typed(name).type;
    if (input.value !== typed(name).value) {
      input.value = typed(name).value;
    }
  });
}

function inputFor(type: ParameterType): HTMLInputElement | HTMLSelectElement {
  if (type === 'boolean') {
    const select = make('select');
    select.append(new Option('true', 'true'), new Option('false', 'false'));
    return select;
  }

  const input = make('input');
  input.type = type === 'time' ? 'datetime-local' : 'text';
  input.step = '1';
  input.autocomplete = 'off';
  input.disabled = type === 'null';
  input.inputMode = type === 'number' ? 'decimal' : 'text';
  return input;
}
