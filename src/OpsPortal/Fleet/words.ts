import type { Connectivity, Severity } from '../Feed/frames';

/** Connectivity in words; what is not current is never said to be online. */
export function connectivityWords(connectivity: Connectivity, isCurrent: boolean): string {
  return isCurrent ? connectivity : connectivity === 'online' ? 'not current' : `${connectivity}, not current`;
}

/** "axleBox" as people say it: "axle box". */
export function subsystemWords(subsystem: string): string {
  return subsystem.replace(/([a-z])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
}

/** "12 s", "3 min", "2 h". */
export function age(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  return seconds < 120 ? `${seconds} s` : seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}

/** "412 ms", "1.3 s", "17 h": a recording that is played faster measures in the past. */
export function duration(milliseconds: number): string {
  return milliseconds >= 120_000 ? age(milliseconds) : milliseconds < 1_000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1_000).toFixed(1)} s`;
}

/** Order of severities, worst first. */
export const SEVERITIES: readonly Severity[] = ['critical', 'warning', 'watch'];

/** What is said beside a position that no train can have come to from its last one; nothing beside others. */
export function doubtWords(isSuspect: boolean): string {
  return isSuspect ? ', doubtful: too far from the one before' : '';
}
