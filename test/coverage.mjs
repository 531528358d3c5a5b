/** Writes the tests' coverage of lines as text, by folder. */
import { readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import istanbul from 'istanbul-lib-coverage';

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
 * @param {readonly string[]} files of vitest's `json` coverage reporter; a line counts if a test of any of
 *   them ran it
 * @param {string} root folder of the repository
 * @returns {string[]} such as `audit/codecs  93 % of  1,204 lines`
 */
export function coverageByFolder(files, root) {
  const map = istanbul.createCoverageMap();
  for (const file of files) map.merge(JSON.parse(readFileSync(file, 'utf8')));
  const folders = new Map();
  for (const path of map.files()) {
    const { lines } = map.fileCoverageFor(path).toSummary();
    for (const name of [...foldersOf(relative(root, path)), 'all']) {
      const { total, covered } = folders.get(name) ?? { total: 0, covered: 0 };
      folders.set(name, { total: total + lines.total, covered: covered + lines.covered });
    }
  }
  const isAll = ([name]) => (name === 'all' ? 1 : 0);
  const rows = [...folders]
    .filter(([, { total }]) => total > 0)
    .sort((a, b) => isAll(a) - isAll(b) || (a[0] < b[0] ? -1 : 1));
  const wide = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, { total, covered }]) => {
    const share = `${Math.floor((100 * covered) / total)}`.padStart(3);
    return `${name.padEnd(wide)} ${share} % of ${total.toLocaleString('en').padStart(6)} lines`;
  });
}
