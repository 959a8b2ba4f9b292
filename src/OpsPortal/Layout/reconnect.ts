const EVERY = 3_000;

/**
 * After Blazor has given up on a lost circuit: reloads the page as soon as the portal answers again, or when asked to. While it
 * still tries, it is asked whether anybody is signed in: where nobody is, trying leads nowhere and the page goes to sign in.
 */
export function mountReconnect(notice: HTMLElement): void {
  let asking: ReturnType<typeof setInterval> | undefined;
  let wondering: ReturnType<typeof setInterval> | undefined;
  const ask = async () => {
    try {
      if ((await fetch('/healthz/live', { cache: 'no-store' })).ok) {
        location.reload();
      }
    } catch {
      // Still away: asked again in a moment.
    }
  };
  const wonder = async () => {
    try {
      if ((await fetch('/api/me', { cache: 'no-store' })).status === 401) {
        location.reload();
      }
    } catch {
      // Away altogether: the circuit is tried again anyway.
    }
  };
  notice.querySelector('button')?.addEventListener('click', () => location.reload());
  new MutationObserver(() => {
    const isLost = /components-reconnect-(failed|rejected)/.test(notice.className);
    if (/components-reconnect-(show|retrying)/.test(notice.className)) {
      wondering ??= setInterval(() => void wonder(), EVERY);
    } else {
      clearInterval(wondering);
      wondering = undefined;
    }

    if (isLost) {
      asking ??= setInterval(() => void ask(), EVERY);
    } else {
      clearInterval(asking);
      asking = undefined;
    }
  }).observe(notice, { attributeFilter: ['class'] });
}
