// Runs before the first paint, so that the page never flashes in the wrong theme.
const stored = localStorage.getItem('theme');
const system = matchMedia('(prefers-color-scheme: light)').matches ? 'light' : 'dark';
document.documentElement.dataset['theme'] = stored === 'light' || stored === 'dark' ? stored : system;
