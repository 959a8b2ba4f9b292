import type { Link } from '../Feed/feed';
import type { FeedState } from '../Layout/connection';
import type { Fleet } from './fleet';

/** This long without a frame and nothing on the page is current any more. */
export const SILENT_AFTER = 5_000;

export interface Freshness {
  state: FeedState;
  /** What is shown holds as of then (ms), or null before the first frame. */
  asOf: number | null;
  /** Only then may anything be drawn as healthy. */
  isCurrent: boolean;
  why: string;
}

/** Whether what is shown may be called current: the one place on this page that decides it. */
export function freshness(fleet: Pick<Fleet, 'at' | 'storeAsOf' | 'storeProblem'>, link: Link, sinceFrame: number): Freshness {
  // The older of the two: a fresh frame about an old store is old news.
  const asOf = fleet.storeAsOf ?? (fleet.storeProblem === null ? fleet.at : null);
  const not = (state: FeedState, why: string): Freshness => ({ state, asOf, isCurrent: false, why });
  if (link === 'signed-out') {
    return not('signed-out', 'Sign in again to go on.');
  }

  if (link === 'not-allowed') {
    return not('not-allowed', 'Your role may not see the fleet. Ask an administrator.');
  }

  if (link === 'reconnecting') {
    return not('reconnecting', 'The connection to the portal was lost; it is being tried again.');
  }

  if (fleet.at === null) {
    return not('connecting', 'Waiting for the first data.');
  }

  if (sinceFrame > SILENT_AFTER) {
    return not('silent', 'The portal is connected but has sent nothing for some seconds.');
  }

  if (fleet.storeProblem !== null) {
    return not('store', fleet.storeProblem);
  }

  return { state: 'live', asOf, isCurrent: true, why: '' };
}
