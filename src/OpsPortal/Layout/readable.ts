/** A name is shown to this many characters, any other text to LONGEST: the same as in Readable.cs. */
export const LONGEST_NAME = 200;
export const LONGEST = 4_000;

// What nobody sees and what turns other text around: controls, formats (bidi, zero-width, byte order mark), line and paragraph separators, lone surrogates.
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
// More marks on one letter than any language puts there climb over the lines around it.
const PILED = /(\p{M}{4})\p{M}+/gu;
const PLAIN = /^[\x20-\x7e]*$/;

/** The text with what hides in it made visible, and cut where it is too long to be one. */
export function readable(text: string, most = LONGEST): string {
  // Nobody reads, and nothing need look at, more than could be shown.
  const looked = 2 * most + 2;
  const some = text.slice(0, looked);
  const shown = PLAIN.test(some) ? some : some.replace(HIDDEN, (hidden) => `‹U+${hidden.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}›`).replace(PILED, '$1');
  const characters = shown.length > most ? [...shown] : [];
  return characters.length > most ? `${characters.slice(0, most).join('')}…` : text.length > looked ? `${shown}…` : shown;
}
