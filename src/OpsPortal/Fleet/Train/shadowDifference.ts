import type { Shadow, Tree } from './wire';

/** One leaf of the two documents. */
export interface Difference {
  /** The way to it: ["acknowledgements", "a-1", "by"]. */
  path: string[];
  desired: string | null;
  reported: string | null;
  /** same: the train reported what is desired; waiting: not yet; trainsOwn: only the train speaks of it. */
  state: 'same' | 'waiting' | 'trainsOwn';
}

/** The two documents leaf by leaf: what still waits first, then in the order of the documents. */
export function differences(shadow: Pick<Shadow, 'desired' | 'reported'>): Difference[] {
  const desired = leaves(shadow.desired);
  const reported = leaves(shadow.reported);
  const keys = [...new Set([...desired.keys(), ...reported.keys()])];
  const rows = keys.map((key): Difference => {
    const [wants, has] = [desired.get(key), reported.get(key)];
    const state = wants === undefined ? 'trainsOwn' : wants.text === has?.text ? 'same' : 'waiting';
    return { path: (wants ?? has)!.path, desired: wants?.text ?? null, reported: has?.text ?? null, state };
  });
  const rank = { waiting: 0, same: 1, trainsOwn: 2 };
  return rows.map((row, i) => ({ row, i })).sort((a, b) => rank[a.row.state] - rank[b.row.state] || a.i - b.i).map(({ row }) => row);
}

function leaves(tree: Tree): Map<string, { path: string[]; text: string }> {
  const found = new Map<string, { path: string[]; text: string }>();
  const walk = (value: unknown, path: string[]) => {
    const isBranch = typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
    if (isBranch) {
      Object.entries(value).forEach(([key, inner]) => walk(inner, [...path, key]));
    } else if (path.length > 0 && !(typeof value === 'object' && value !== null && !Array.isArray(value))) {
      found.set(JSON.stringify(path), { path, text: typeof value === 'string' ? value : JSON.stringify(value) });
    }
  };
  walk(tree, []);
  return found;
}
