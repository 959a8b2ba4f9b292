import { areValues } from './tabStore';
import type { Typed } from './wire';

/** A query with its values as a fragment: browsers keep it to themselves, so it stands in no server's log. */
export function toFragment(sql: string, values: Record<string, Typed>): string {
  const bytes = new TextEncoder().encode(JSON.stringify({ sql, values }));
  return `#q=${btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')}`;
}

/** What a fragment holds; null when it holds no query. It is shown and never run by itself. */
export function fromFragment(fragment: string): { sql: string; values: Record<string, Typed> } | null {
  const coded = /^#q=([\w-]+)$/.exec(fragment)?.[1];
  if (coded === undefined) {
    return null;
  }

  try {
    const bytes = Uint8Array.from(atob(coded.replaceAll('-', '+').replaceAll('_', '/')), (character) => character.charCodeAt(0));
    const said = JSON.parse(new TextDecoder().decode(bytes)) as { sql?: unknown; values?: unknown };
    return typeof said.sql === 'string' && areValues(said.values) ? { sql: said.sql, values: said.values } : null;
  } catch {
    return null;
  }
}
