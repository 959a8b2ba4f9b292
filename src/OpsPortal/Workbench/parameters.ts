import type { ParameterType, Typed } from './wire';

// Comments, texts, quoted names and casts are passed over, as the portal does.
const PIECE = /--[^\r\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*(?:'|$)|"(?:[^"]|"")*(?:"|$)|::|:([\p{L}_][\p{L}_0-9$]*)/gu;

/** Names of a text's parameters, each once. */
export function parametersOf(sql: string): string[] {
  return [...new Set([...sql.matchAll(PIECE)].map((piece) => piece[1]).filter((name) => name !== undefined))];
}

/** What a parameter of this name is most likely meant as. */
export function guessType(name: string): ParameterType {
  return /^(from|to|before|after|since|until)$|_at$/i.test(name) ? 'time' : /^(grade|score|limit|hours|minutes|days|n)$/i.test(name) ? 'number' : 'text';
}

/** An example as a value: "-24h" and "now" are times from now on. */
export function exampleValue(type: ParameterType, example: string, now: number): string {
  if (type !== 'time') {
    return example;
  }

  const ago = /^-(\d+)([mhd])$/.exec(example);
  const unit = { m: 60_000, h: 3_600_000, d: 86_400_000 }[ago?.[2] ?? 'm'] ?? 0;
  return forField(ago === null ? (example === 'now' || example === '' ? now : Date.parse(example)) : now - Number(ago[1]) * unit);
}

/** A time as a date and time field holds it, in UTC. */
export function forField(time: number): string {
  return Number.isFinite(time) ? new Date(time).toISOString().slice(0, 19) : '';
}

/** Values as the API takes them, for these names only. */
export function forApi(names: readonly string[], typed: Readonly<Record<string, Typed>>): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => {
    const { type, value } = typed[name] ?? { type: guessType(name), value: '' };
    return [name, type === 'null' ? null : type === 'text' ? value : { type, value: type === 'time' && value !== '' ? `${value}${/[zZ]$|[+-]\d\d:\d\d$/.test(value) ? '' : 'Z'}` : value }];
  }));
}
