// Checks that hold for every import: messages are readable sentences, and no file is written outside of
// the project.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join, resolve, sep } from 'node:path';

const LONGEST = 1000;
/** Words of engines and libraries, which mean nothing to a person. */
const RAW =
  /undefined|\[object|\bat .+:\d+:\d+|Cannot (read|set|convert|destructure|access)|is not (a function|iterable|a constructor|defined)|ERR_|Unexpected (token|end|non-)|Invalid (typed )?array|Array buffer|Maximum call stack|out of (range|bounds|memory)|Offset is outside|RangeError|TypeError|SyntaxError|\bE[A-Z]{4,}:|SQLITE|could not be read \(/;

/** What is wrong with a sentence for people, or null if nothing is. */
export function sentenceProblem(sentence) {
  // eslint-disable-next-line no-control-regex
  if (/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/.test(sentence)) {
    return 'is not one line of plain letters';
  }
  if (sentence.length > LONGEST) return `has ${sentence.length} letters`;
  if (!/[.!?]$/.test(sentence)) return 'does not end like a sentence';
  const raw = RAW.exec(sentence);
  return raw === null ? null : `has words of a library (“${raw[0]}”)`;
}

/** Every file below a folder, with the properties that a write would change. */
export function snapshot(folder) {
  const seen = [];
  for (const entry of fs.readdirSync(folder, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath ?? entry.path, entry.name);
    const { size, mtimeNs, ctimeNs, ino } = fs.lstatSync(path, { bigint: true });
    seen.push(`${path} ${entry.isDirectory() ? '' : `${size} ${mtimeNs} ${ctimeNs} ${ino}`}`);
  }
  return seen.sort().join('\n');
}

/** Functions that write, and the indices of their arguments that are target paths. */
const WRITES = {
  appendFile: [0],
  copyFile: [1],
  cp: [1],
  link: [1],
  mkdir: [0],
  mkdtemp: [0],
  rename: [0, 1],
  rm: [0],
  rmdir: [0],
  symlink: [1],
  truncate: [0],
  unlink: [0],
  utimes: [0],
  writeFile: [0],
};
const isReading = (flags) => flags === undefined || flags === 'r' || flags === 0;

/**
 * Records every path outside of `folder` to which this process writes with Node's functions.
 * @returns the paths; the caller empties the list
 */
export function watchWrites(folder) {
  const strange = [];
  const check = (place) => {
    if (typeof place !== 'string') return;
    const path = resolve(place);
    if (path !== folder && !path.startsWith(folder + sep)) strange.push(path);
  };
  const wrap = (target, name, places, isWrite = () => true) => {
    const original = target[name];
    if (typeof original !== 'function') return;
    target[name] = (...given) => {
      if (isWrite(given)) for (const place of places) check(given[place]);
      return original.apply(target, given);
    };
  };
  for (const [name, places] of Object.entries(WRITES)) {
    wrap(fs.promises, name, places);
    wrap(fs, name, places);
    wrap(fs, `${name}Sync`, places);
  }
  const opens = (given) => !isReading(given[1]);
  wrap(fs.promises, 'open', [0], opens);
  wrap(fs, 'open', [0], opens);
  wrap(fs, 'openSync', [0], opens);
  wrap(fs, 'createWriteStream', [0]);
  syncBuiltinESMExports();
  return strange;
}
