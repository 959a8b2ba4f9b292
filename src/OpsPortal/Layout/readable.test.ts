import { describe, expect, test } from 'vitest';
import { LONGEST, LONGEST_NAME, readable } from './readable';

describe('BAD-14: text that hides something', () => {
  test.each([
    ['390 042', '390 042'],
    ['größe · Ünïcode – “x” 京都 🚆', 'größe · Ünïcode – “x” 京都 🚆'],
    ['tex\u202Etxet', 'tex‹U+202E›txet'],
    ['\u2066a\u2069', '‹U+2066›a‹U+2069›'],
    ['\u200Bhidden\u200B', '‹U+200B›hidden‹U+200B›'],
    ['a\u0000b', 'a‹U+0000›b'],
    ['a\r\nb\tc', 'a‹U+000D›‹U+000A›b‹U+0009›c'],
    ['a\u2028b', 'a‹U+2028›b'],
    ['\uFEFFbom', '‹U+FEFF›bom'],
    ['a\uD800b', 'a‹U+D800›b'],
    ['\u001B[31mred', '‹U+001B›[31mred'],
    [`Z${'\u0337'.repeat(50)}a`, `Z${'\u0337'.repeat(4)}a`],
    ['\u{E0041}', '‹U+E0041›'],
  ])('%j is shown as %j', (text, shown) => expect(readable(text)).toBe(shown));

  test('a hundred thousand characters are cut, and said to be', () => {
    expect(readable('a'.repeat(100_000))).toBe(`${'a'.repeat(LONGEST)}…`);
    expect(readable('a'.repeat(100_000), LONGEST_NAME)).toBe(`${'a'.repeat(LONGEST_NAME)}…`);
    expect([...readable('\n'.repeat(10_000))]).toHaveLength(LONGEST + 1);
    expect(readable(`Z${'\u0337'.repeat(100_000)}a`)).toBe(`Z${'\u0337'.repeat(4)}…`);
    expect(readable('🚆'.repeat(300), LONGEST_NAME)).toBe(`${'🚆'.repeat(LONGEST_NAME)}…`);
  });

  test('what was made readable stays as it is', () => {
    for (const text of ['tex\u202Etxet', '\n'.repeat(10_000), 'a'.repeat(9_000)]) {
      const once = readable(text).slice(0, LONGEST);
      expect(readable(once)).toBe(once);
    }
  });
});
