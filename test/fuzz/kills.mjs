// npm run fuzz:kills [-- --count N --seed N --only NAME --workers N --points each|one|commit|syscalls --json]: kills every change
// of a project (kills/table.mjs) with SIGKILL, first at every moment at which something becomes durable
// (kills/hook.mjs), then at random times until N kills are done. After each kill the project must verify; what
// was acknowledged must be there; a change must be there as a whole or not at all; and the next command must
// sweep what the killed one left.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { clearTimeout, setTimeout } from 'node:timers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { sweepLeftovers } from '../../dist/audit/store/leftovers.js';
import { openProjectForWriting } from '../../dist/audit/store/project.js';
import {
  MAIN,
  environment,
  leftovers,
  makeBase,
  placeIn,
  randomOf,
  reset,
  stateOf,
  withConfig,
} from './kills/place.mjs';
import { changesOf } from './kills/table.mjs';

const fileOf = (name) => fileURLToPath(new URL(`./kills/${name}`, import.meta.url));
const HOOK = new URL('./kills/hook.mjs', import.meta.url).href;

/** The command that runs a program until a thread of it syncs or renames for the n-th time, SQLite's own syncs too. */
const straceTo = (n) => [
  ...['strace', '-f', '-qq', '-o', '/dev/null', '-e', 'trace=fsync,fdatasync,rename'],
  ...['-e', `inject=fsync,fdatasync,rename:signal=SIGKILL:when=${n}`],
];

/**
 * Starts a change.
 * @param kill when: `at` the n-th moment, `after` this many milliseconds, or at the n-th `syscall`
 */
function start(change, place, { at = 0, after, log = '', syscall } = {}) {
  const { door, args } = change;
  const [script, ...rest] =
    door === 'command'
      ? [MAIN, ...args]
      : door === 'store'
        ? [fileOf('store.mjs'), ...args]
        : [fileOf('server.mjs'), JSON.stringify(change)];
  const env = {
    ...environment(place),
    ...{ KILL_AT: `${at}`, KILL_LOG: log, KILL_ARMED: door === 'command' ? '1' : '0' },
  };
  const node = [process.execPath, '--import', HOOK, script, ...rest];
  const [program, ...given] = syscall === undefined ? node : [...straceTo(syscall), ...node];
  const child = spawn(program, given, { env });
  let [out, err] = ['', ''];
  child.stdout.on('data', (text) => (out += text));
  child.stderr.on('data', (text) => (err += text));
  const timer = after === undefined ? null : setTimeout(() => child.kill('SIGKILL'), after);
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const acknowledged = door === 'command' ? code === 0 : /done/.test(out);
      resolve({ code, signal, acknowledged, said: err.trim() });
    });
  });
}

const momentsIn = (log) => (existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n') : []);

/** Whether a command would sweep what is left: the project is opened for writing, or the change made again. */
async function sweep(change, place) {
  if (change.again) return start(change, place);
  withConfig(place, sweepLeftovers);
  const open = () => openProjectForWriting(place.project, { purpose: 'test' });
  (await withConfig(place, open)).close();
  return null;
}

/** Compares the lines of two states. */
function difference(a, b) {
  const [left, right] = [a.split('\n'), b.split('\n')];
  const at = left.findIndex((line, i) => line !== right[i]);
  return `${left[at]?.trim()} | ${right[at]?.trim()}`;
}

/** Kills one change at every moment, or at some. @returns the number of kills and the findings */
async function killOne(change, base, place, { moments, random, syscalls, onKill }) {
  const findings = [];
  reset(base, place, change);
  const { text: before, problems: known } = await stateOf(place);
  const log = join(place.root, 'moments.txt');
  rmSync(log, { force: true });
  const whole = await start(change, place, { log });
  const points = momentsIn(log);
  const after = (await stateOf(place)).text;
  if (!whole.acknowledged || points.length === 0) {
    return { findings: [`${change.name} does not work here: ${whole.said}`] };
  }
  const check = async (when, ended) => {
    onKill();
    const tell = (what) => findings.push(`${change.name}, killed ${when}: ${what}`);
    if (ended.signal !== 'SIGKILL' && !ended.acknowledged) return tell(`it failed: ${ended.said}`);
    const now = await stateOf(place);
    // A repair that was killed leaves a project that must be repaired, and says so.
    for (const problem of change.old ? [] : now.problems)
      if (now.text !== before || !known.includes(problem)) tell(problem);
    if (ended.acknowledged && now.text !== after) tell(`lost: ${difference(after, now.text)}`);
    else if (!change.again && now.text !== before && now.text !== after) {
      tell(`half of it: ${difference(now.text, after)}`);
    }
    const again = await sweep(change, place);
    const then = await stateOf(place);
    for (const problem of then.problems) tell(`after the sweep: ${problem}`);
    // What an acknowledged export made is there, so that a second one is refused.
    if (again !== null && !again.acknowledged && now.text !== after) {
      tell(`it cannot be made again: ${again.said}`);
    } else if (change.again && then.text !== after) {
      tell(`made again, it is not whole: ${difference(then.text, after)}`);
    }
    for (const left of leftovers(place)) tell(`${left} is left`);
  };
  for (const at of moments(points)) {
    reset(base, place, change);
    const ended = await start(change, place, { at });
    await check(`at moment ${at} (${points[at - 1]})`, ended);
  }
  for (let n = 1; syscalls; n += 1) {
    reset(base, place, change);
    const ended = await start(change, place, { syscall: n });
    await check(`at sync ${n}`, ended);
    if (ended.signal !== 'SIGKILL') break;
  }
  for (const ms of random()) {
    reset(base, place, change);
    await check(`after ${ms} ms`, await start(change, place, { after: ms }));
  }
  return { points: points.length, findings };
}

/**
 * Kills the changes whose name has `only` in it.
 * @param options.points `each`: at every moment; `one`: at one moment of each change, which the seed chooses;
 *   `commit`: after the middle one of its commits; `syscalls`: at each sync and rename of the process, by strace
 * @param options.only a part of the changes' names, or a function that chooses changes
 * @param options.count how many kills there are at least; the rest are at random times
 */
export async function kills({ seed, count, only, workers, points, onDone = () => undefined }) {
  const root = mkdtempSync(join(tmpdir(), 'overread-kills-'));
  const random = randomOf(seed);
  try {
    const dataset = join(root, 'data');
    const base = placeIn(join(root, 'base'), dataset);
    mkdirSync(base.root);
    await makeBase(base);
    const isMeant = typeof only === 'string' ? ({ name }) => name.includes(only) : only;
    const todo = changesOf(base).flatMap((change, index) => (isMeant(change) ? [index] : []));
    let [killed, done] = [0, 0];
    const findings = [];
    const total = todo.length;
    const worker = async (number) => {
      const place = placeIn(join(root, `w${number}`), dataset);
      mkdirSync(place.root);
      for (let index = todo.shift(); index !== undefined; index = todo.shift()) {
        const change = changesOf(place)[index];
        const share = Math.ceil(count / total);
        const began = killed;
        const one = 1 + Math.floor(random() * 1e6);
        const result = await killOne(change, base, place, {
          moments: (names) => {
            if (points === 'syscalls') return [];
            if (points === 'one') return [1 + (one % names.length)];
            const all = names.map((_, at) => at + 1);
            if (points === 'each') return all;
            const commits = all.filter((at) => names[at - 1].startsWith('after COMMIT'));
            return [commits[commits.length >> 1] ?? all.at(-1)];
          },
          random: function* () {
            while (killed - began < share) yield Math.round(60 + random() * 500);
          },
          syscalls: points === 'syscalls',
          onKill: () => (killed += 1),
        });
        findings.push(...result.findings);
        onDone({ name: change.name, done: ++done, total, ...result });
      }
    };
    await Promise.all(Array.from({ length: workers }, (_, number) => worker(number)));
    return { kills: killed, changes: total, findings };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '0' },
      count: { type: 'string', default: '1000' },
      only: { type: 'string', default: '' },
      workers: { type: 'string', default: '2' },
      points: { type: 'string', default: 'each' },
      json: { type: 'boolean', default: false },
    },
  });
  const began = performance.now();
  const result = await kills({
    ...values,
    ...{ seed: Number(values.seed), count: Number(values.count), workers: Number(values.workers) },
    onDone: ({ name, done, total, points, findings }) => {
      if (values.json) return;
      console.log(`${done}/${total} ${name}: ${points ?? 0} moments`);
      for (const finding of findings) console.log(`  ${finding.slice(0, 1000)}`);
    },
  });
  if (values.json) console.log(JSON.stringify(result));
  else {
    const minutes = ((performance.now() - began) / 60_000).toFixed(1);
    console.log(
      `${result.changes} changes, ${result.kills} kills, ${result.findings.length} findings, ${minutes} minutes`,
    );
  }
  process.exit(result.findings.length > 0 ? 1 : 0);
}
