// Loaded before a program (`node --import`): ends its process with SIGKILL at the n-th moment at which
// something becomes durable. A moment lies before and after each commit, each sync and each rename, so all
// states that a killed process can leave lie between two moments.
//
// KILL_AT: the number of the moment, from 1; 0 kills never. KILL_ARMED: 0 counts only from `arm` on.
// KILL_LOG: a file that gets a line for each moment.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { Database } from '../../../dist/audit/store/database.js';

const at = Number(process.env.KILL_AT ?? 0);
const log = process.env.KILL_LOG ?? '';
const file = log === '' ? null : fs.openSync(log, 'a');
let armed = process.env.KILL_ARMED !== '0';
let count = 0;

function moment(what) {
  if (!armed) return;
  count += 1;
  if (file !== null) fs.writeSync(file, `${what}\n`);
  if (count !== at) return;
  process.kill(process.pid, 'SIGKILL');
  // The signal may come a little later: nothing happens until then.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
}

/** Starts to count. */
globalThis.armKills = () => {
  armed = true;
};

function around(target, name, describe) {
  const original = target[name];
  target[name] = function (...given) {
    const what = describe(given, this);
    if (what === null) return original.apply(this, given);
    moment(`before ${what}`);
    const result = original.apply(this, given);
    if (!(result instanceof Promise)) {
      moment(`after ${what}`);
      return result;
    }
    return result.then((value) => {
      moment(`after ${what}`);
      return value;
    });
  };
}

// SQLite's own classes cannot be changed, so the store's connection is watched.
const inside = new WeakSet();
around(Database.prototype, 'exec', ([sql], db) => {
  if (/^\s*BEGIN/.test(sql)) inside.add(db);
  if (/^\s*COMMIT/.test(sql)) inside.delete(db);
  return /^\s*COMMIT|journal_mode =/.test(sql) ? sql.slice(0, 40) : null;
});
// Within a transaction nothing is durable before COMMIT.
around(Database.prototype, 'run', ([sql], db) =>
  inside.has(db) ? null : sql.trim().slice(0, 40).replaceAll('\n', ' '),
);

const nameOf = (file) => (typeof file === 'string' ? file.split(/[\\/]/).at(-1) : 'a file');
for (const name of ['renameSync', 'fsyncSync', 'rmSync', 'writeFileSync', 'mkdirSync'])
  around(fs, name, ([file]) => `${name} ${nameOf(file)}`);
for (const name of ['rename', 'rm', 'writeFile', 'mkdir', 'rmdir'])
  around(fs.promises, name, ([file]) => `${name} ${nameOf(file)}`);
const handle = await fs.promises.open(process.execPath, 'r');
around(Object.getPrototypeOf(handle), 'sync', () => 'sync');
await handle.close();
syncBuiltinESMExports();
