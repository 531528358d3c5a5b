// Runs mutations in processes that may crash, hang or grow, and finds out which mutation it was.
import { fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import { setTimeout, clearTimeout } from 'node:timers';
import { fileURLToPath } from 'node:url';

const CHILD = fileURLToPath(new URL('./child.mjs', import.meta.url));
/** Longest silence, in milliseconds: more than the 3 s after which the decoding of a small picture is given up. */
export const LONGEST = 5000;
/** Most memory of the process, the code's own and WebAssembly's included, in bytes. */
export const MOST_MEMORY = 1024 ** 3;
/** A process that keeps more than this between imports is replaced by a new one. */
const KEPT = 600 * 1024 ** 2;

/** A process that imports; replaced when it ends. */
class Worker {
  #child = null;
  #folder = null;

  async #start() {
    const child = fork(CHILD, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    let said = '';
    child.stderr.on('data', (text) => {
      said = `${said}${text}`.slice(-2000);
    });
    const { folder } = await new Promise((done, fail) => {
      child.once('message', done);
      child.once('exit', () => fail(new Error(`the importing process did not start: ${said}`)));
    });
    child.removeAllListeners('exit');
    child.said = () => said;
    this.#child = child;
    this.#folder = folder;
  }

  /** @returns what the process says of the import, or what became of it */
  async ask(message) {
    if (this.#child === null) await this.#start();
    const child = this.#child;
    const answer = await new Promise((done) => {
      let timer = null;
      const end = (result) => {
        clearTimeout(timer);
        child.removeAllListeners('message');
        child.removeAllListeners('exit');
        done(result);
      };
      const wait = () => {
        clearTimeout(timer);
        timer = setTimeout(
          () => end({ kind: 'hang', problems: [`said nothing for ${LONGEST} ms`] }),
          LONGEST,
        );
      };
      child.on('message', (told) => (told.kind === 'alive' ? wait() : end(told)));
      child.on('exit', (code, signal) => {
        end({ kind: 'crash', problems: [`crashed (${signal ?? code}): ${child.said().trim()}`] });
      });
      wait();
      child.send(message);
    });
    if (answer.kind === 'hang' || answer.kind === 'crash') this.#end();
    else if (answer.peak > MOST_MEMORY) {
      answer.problems.push(`took ${Math.round(answer.peak / 1024 ** 2)} MB`);
      this.#end();
    } else if (answer.resident > KEPT) this.#end();
    return answer;
  }

  #end() {
    this.#child?.kill('SIGKILL');
    if (this.#folder !== null) rmSync(this.#folder, { recursive: true, force: true });
    this.#child = null;
    this.#folder = null;
  }

  close() {
    this.#end();
  }
}

/**
 * Imports mutations together and, where something is wrong, by halves, until it is known which it was.
 * What no half shows was their sum, or a machine that was busy: a finding only if it can be neither.
 */
async function findings(ask, numbers, sum) {
  let answer = await ask(numbers);
  // Alone and twice in a row: then it was not the machine.
  if (answer.kind === 'hang' && numbers.length === 1) answer = await ask(numbers);
  sum.peak = Math.max(sum.peak, answer.peak ?? 0);
  if (answer.problems.length === 0 || numbers.length === 1) {
    sum.cases += answer.cases ?? 0;
    sum.notices += answer.notices ?? 0;
    sum.refused += answer.refused ? 1 : 0;
    return answer.problems.length === 0 ? [] : [{ number: numbers[0], problems: answer.problems }];
  }
  const half = numbers.length >> 1;
  const found = [
    ...(await findings(ask, numbers.slice(0, half), sum)),
    ...(await findings(ask, numbers.slice(half), sum)),
  ];
  if (found.length > 0 || answer.kind === 'hang' || answer.peak > MOST_MEMORY) return found;
  return [{ number: numbers[0], problems: answer.problems.map((said) => `together: ${said}`) }];
}

/**
 * `count` mutations of one fixture, from the number `first` on.
 * @returns how many cases were imported, notices given and imports refused, the most memory, and the
 *   findings: what was wrong, each with the number of its mutation
 */
async function fuzzOne(fixture, worker, { seed, first, count }) {
  const { name, together } = fixture;
  const sum = { name, mutations: count, cases: 0, notices: 0, refused: 0, peak: 0, findings: [] };
  const ask = (numbers) => worker.ask({ name, seed, numbers });
  for (let at = first; at < first + count; at += together) {
    const size = Math.min(together, first + count - at);
    const numbers = Array.from({ length: size }, (_, i) => at + i);
    sum.findings.push(...(await findings(ask, numbers, sum)));
  }
  return sum;
}

/** Runs the fixtures on `workers` processes; `onDone` is told of each. */
export async function fuzz(fixtures, { seed, first, count, workers, onDone }) {
  const todo = [...fixtures];
  const sums = [];
  const run = async () => {
    const worker = new Worker();
    for (let next = todo.shift(); next !== undefined; next = todo.shift()) {
      const sum = await fuzzOne(next, worker, { seed, first, count });
      sums.push(sum);
      onDone(sum);
    }
    worker.close();
  };
  await Promise.all(Array.from({ length: workers }, run));
  return sums;
}

/** Writes one mutated file to `path`. */
export async function keep(name, seed, number, path) {
  const worker = new Worker();
  await worker.ask({ name, seed, numbers: [number], keep: path });
  worker.close();
}
