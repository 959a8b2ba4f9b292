const EVERY = 60_000;

/**
 * Tells the portal that somebody is here, at most once a minute and only when they touch the page: sessions that nobody uses end,
 * however much a live page fetches by itself.
 */
export function mountPresence(target: EventTarget, tell: () => void, now: () => number = () => performance.now()): void {
  let toldAt = now();
  const touched = () => {
    if (now() - toldAt >= EVERY) {
      toldAt = now();
      tell();
    }
  };
  for (const kind of ['pointerdown', 'keydown', 'wheel']) {
    target.addEventListener(kind, touched, { passive: true });
  }
}

/** Says so to the portal; when it cannot be reached there is nothing to do about it here. */
export function tellPortal(): void {
  void fetch('/sign-in/here', { method: 'POST' }).catch(() => undefined);
}
