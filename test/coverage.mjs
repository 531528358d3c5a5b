/** Writes the tests' coverage of lines as text, by folder. */
import { relative, sep } from 'node:path';

/** Top folders whose subfolders also get a line each. */
const IN_PARTS = new Set(['audit', 'renderer']);

/**
 * The folders that a file counts for: its top folder and, if that is in IN_PARTS, the subfolder in it.
 * @param {string} path relative to the repository, with the system's separators
 * @returns {string[]}
 */
function foldersOf(path) {
  const [top = '', below, ...rest] = path.split(sep);
  return IN_PARTS.has(top) && rest.length > 0 ? [top, `${top}/${below}`] : [top];
}

/**
 * One line of text for each folder, sorted, and a last one for all of them.
 * @param {Readonly<Record<string, { lines: { total: number, covered: number } }>>} summary of the
 *   `json-summary` reporter: by absolute path, with `total` for all files
 * @param {string} root folder of the repository
 * @returns {string[]} such as `audit/codecs  93 % of  1,204 lines`
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
