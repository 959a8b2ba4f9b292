import type { WireAlert } from '../Feed/frames';

const STATES: Record<string, string> = {
  unacknowledged: 'not acknowledged',
  acknowledged: 'acknowledged',
  returnedUnacknowledged: 'gone, not acknowledged',
  cleared: 'cleared',
  latched: 'latched',
  shelved: 'shelved',
  suppressed: 'suppressed by design',
  outOfService: 'out of service',
};

/** An alert's state as people say it, with who took it and whether the train knows. */
export function stateWords(alert: Pick<WireAlert, 'state' | 'acknowledgement' | 'delivery'>): string {
  const state = STATES[alert.state] ?? alert.state;
  if (alert.acknowledgement === null) {
    return state;
  }

  return `${state} by ${alert.acknowledgement.by} · ${alert.delivery?.stage === 'reported' ? 'the train confirmed' : 'train not confirmed yet'}`;
}
