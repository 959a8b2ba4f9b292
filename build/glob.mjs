// Node 20 has no fs.globSync yet.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

export function globSync(folder, pattern) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}
