/** Tabs after the usual keyboard pattern: arrows move, one is in the tab order. Begins with the given one; tells of every change. */
export function mountTabs(list: HTMLElement, first: string, changed: (id: string) => void): void {
  const tabs = [...list.querySelectorAll<HTMLElement>('[role=tab]')];
  const open = (tab: HTMLElement) => {
    for (const other of tabs) {
      const isOpen = other === tab;
      other.setAttribute('aria-selected', String(isOpen));
      other.tabIndex = isOpen ? 0 : -1;
      document.getElementById(other.getAttribute('aria-controls')!)!.hidden = !isOpen;
    }

    changed(tab.id);
  };
  const begin = tabs.find((tab) => tab.id === first);
  if (begin !== undefined) {
    open(begin);
  }

  list.addEventListener('click', (event) => {
    const tab = (event.target as Element).closest<HTMLElement>('[role=tab]');
    if (tab !== null) {
      open(tab);
    }
  });
  list.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step !== undefined) {
      const next = tabs[(tabs.indexOf(document.activeElement as HTMLElement) + step + tabs.length) % tabs.length]!;
      open(next);
      next.focus();
    }
  });
}
