/** The alert list by keyboard. Rows are looked up anew each time: they come and go while somebody types. */
export function mountKeys(page: Document): void {
  let last: string | undefined;
  const rows = () => [...page.querySelectorAll<HTMLElement>('li.alert')];
  const here = () => page.activeElement?.closest<HTMLElement>('li.alert') ?? rows().find((row) => row.dataset['alert'] === last);
  page.addEventListener('focusin', (event) => {
    last = (event.target as Element).closest<HTMLElement>('li.alert')?.dataset['alert'] ?? last;
  });

  const move = (step: number) => {
    const all = rows();
    const at = here();
    const next = at === undefined ? all[step > 0 ? 0 : all.length - 1] : all[all.indexOf(at) + step];
    next?.focus({ preventScroll: true });
    next?.scrollIntoView({ block: 'nearest' });
  };
  const click = (selector: string) => here()?.querySelector<HTMLElement>(selector)?.click();
  const acts: Record<string, () => void> = {
    j: () => move(1),
    ArrowDown: () => move(1),
    k: () => move(-1),
    ArrowUp: () => move(-1),
    x: () => click('.choose'),
    a: () => {
      const note = page.getElementById('note');
      if (note === null) {
        click('.acknowledge');
      } else {
        note.focus();
      }
    },
    n: () => page.querySelector<HTMLElement>('.new-bar button')?.click(),
    '/': () => page.querySelector<HTMLElement>('.narrow input[name=q]')?.focus(),
    '?': () => page.querySelector<HTMLDialogElement>('#alert-keys')?.showModal(),
  };
  page.addEventListener('keydown', (event) => {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || target.closest('input:not([type=checkbox]), textarea, select, dialog') !== null) {
      return;
    }

    const act = event.key === 'Enter' && target.matches('li.alert') ? () => click('summary') : acts[event.key];
    if (act !== undefined) {
      event.preventDefault();
      act();
    }
  });
  page.addEventListener('click', (event) => {
    const opener = (event.target as Element).closest<HTMLElement>('[data-opens]');
    if (opener !== null) {
      page.querySelector<HTMLDialogElement>(`#${opener.dataset['opens']}`)?.showModal();
    }
  });
}
