export type Theme = 'dark' | 'light';

/** The theme in force. */
export function theme(): Theme {
  return document.documentElement.dataset['theme'] === 'light' ? 'light' : 'dark';
}

/** Calls back on every change of theme; returns how to stop. */
export function watchTheme(changed: (theme: Theme) => void): () => void {
  const observer = new MutationObserver(() => changed(theme()));
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}

/** Makes the button switch themes. Until somebody has chosen, the system's choice is followed. */
export function mountThemeSwitch(button: HTMLElement): void {
  const show = () => button.setAttribute('aria-pressed', String(theme() === 'light'));
  show();
  button.addEventListener('click', () => {
    const next = theme() === 'light' ? 'dark' : 'light';
    localStorage.setItem('theme', next);
    document.documentElement.dataset['theme'] = next;
    show();
  });
  matchMedia('(prefers-color-scheme: light)').addEventListener('change', (event) => {
    if (localStorage.getItem('theme') === null) {
      document.documentElement.dataset['theme'] = event.matches ? 'light' : 'dark';
      show();
    }
  });
}
