import { describe, expect, test } from 'vitest';
import type { Connectivity, Severity } from '../Feed/frames';
import { imageNames, symbolOf } from './symbols';

const train = (connectivity: Connectivity, worstAlert: Severity | null = null, heading: number | null = 90) => ({ connectivity, worstAlert, heading });

describe('a train on the map', () => {
  test('is filled only when it is online and the data is current', () => {
    expect(symbolOf(train('online'), true)).toEqual({ plate: 'none', filled: true, pointer: 'online', turned: true });
    for (const connectivity of ['stale', 'offline', 'unknown'] as const) {
      expect(symbolOf(train(connectivity), true).filled).toBe(false);
    }
  });

  test('is never drawn as online when the data is not current', () => {
    for (const connectivity of ['online', 'stale', 'offline', 'unknown'] as const) {
      expect(symbolOf(train(connectivity, 'critical'), false)).toMatchObject({ filled: false, pointer: 'unknown' });
    }
  });

  test('keeps the shape of its worst alert, hollow, when it is offline', () => {
    expect(imageNames(symbolOf(train('offline', 'warning'), true))).toEqual({ plate: 'plate-warning-hollow', pointer: 'pointer-offline-turned-bare' });
  });

  test('has a dot instead of an arrow when it does not say where it is heading', () => {
    expect(imageNames(symbolOf(train('online', null, null), true)).pointer).toBe('pointer-online-dot-bare');
  });

  test('looks different for every connectivity', () => {
    const names = (['online', 'stale', 'offline', 'unknown'] as const).map((connectivity) => imageNames(symbolOf(train(connectivity), true)).pointer);
    expect(new Set(names).size).toBe(4);
  });
});
