/** Coverage of lines by folder, as text. */
import { relative, sep } from 'node:path';

/** Folders whose own folders are listed one by one. */
const IN_PARTS = new Set(['audit', 'renderer']);

/**
 * The folders that a file counts for: its top one, and the one below where those are listed.
 * @param {string} path relative, with the separators of the system
 * @returns {string[]}
 */
function foldersOf(path) {
  const [top = '', below, ...rest] = path.split(sep);
  return IN_PARTS.has(top) && rest.length > 0 ? [top, `${top}/${below}`] : [top];
}

/**
 * A line for each folder, sorted, and one for the whole.
 * @param {Readonly<Record<string, { lines: { total: number, covered: number } }>>} summary of the
 *   `json-summary` reporter: by absolute path, with `total` for the whole
 * @param {string} root of the repository
 * @returns {string[]} `audit/codecs    93 %   1,204 lines`
 */
export function coverageByFolder(summary, root) {
  const folders = new Map();
  for (const [path, { lines }] of Object.entries(summary)) {
    if (path === 'total') continue;
    for (const name of foldersOf(relative(root, path))) {
      const { total, covered } = folders.get(name) ?? { total: 0, covered: 0 };
      folders.set(name, { total: total + lines.total, covered: covered + lines.covered });
    }
  }
  const named = [...folders].sort(([a], [b]) => (a < b ? -1 : 1));
  const rows = [...named, ['all', summary['total'].lines]].filter(([, { total }]) => total > 0);
  const wide = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, { total, covered }]) => {
    const share = `${Math.floor((100 * covered) / total)}`.padStart(3);
    return `${name.padEnd(wide)} ${share} % of ${total.toLocaleString('en').padStart(6)} lines`;
  });
}
