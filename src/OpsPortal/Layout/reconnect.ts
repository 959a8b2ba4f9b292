const EVERY = 3_000;

/** After Blazor has given up on a lost circuit: reloads the page as soon as the portal answers again, or when asked to. */
export function mountReconnect(notice: HTMLElement): void {
  let asking: ReturnType<typeof setInterval> | undefined;
  const ask = async () => {
    try {
      if ((await fetch('/healthz/live', { cache: 'no-store' })).ok) {
        location.reload();
      }
    } catch {
      // Still away: asked again in a moment.
    }
  };
  notice.querySelector('button')?.addEventListener('click', () => location.reload());
  new MutationObserver(() => {
    const isLost = /components-reconnect-(failed|rejected)/.test(notice.className);
    if (isLost) {
      asking ??= setInterval(() => void ask(), EVERY);
    } else {
      clearInterval(asking);
      asking = undefined;
    }
  }).observe(notice, { attributeFilter: ['class'] });
}
