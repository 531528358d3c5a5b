// Runs mutations in processes that may crash, hang or take too much memory, and finds the mutation that
// is the cause.
import { fork } from 'node:child_process';
import { rmSync } from 'node:fs';
import { setTimeout, clearTimeout } from 'node:timers';
import { fileURLToPath } from 'node:url';

const CHILD = fileURLToPath(new URL('./child.mjs', import.meta.url));
/**
 * Longest silence of a process, in milliseconds. It exceeds the 3 s time limit for decoding a small
 * picture.
 */
const LONGEST = 5000;
/** Most memory of the process in bytes, including code and WebAssembly. */
const MOST_MEMORY = 1024 ** 3;
/** A process that holds more memory than this between imports is replaced. */
const KEPT = 600 * 1024 ** 2;

/** A process that imports. When it has ended, the next request starts a new one. */
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

  /** @returns the process's report on the import, or how the process ended */
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
      child.on('message', (message) => (message.kind === 'alive' ? wait() : end(message)));
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
 * Imports mutations together. If something is wrong, imports them by halves until one mutation is left.
 * If neither half fails, a hang or much memory is no finding: the machine may have been busy, or memory
 * added up. Any other problem is a finding.
 */
async function findings(ask, numbers, sum) {
  let answer = await ask(numbers);
  // Imports a single mutation that hangs a second time, since the machine may have been busy.
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
 * Runs `count` mutations of one fixture, from the number `first` on.
 * @returns the numbers of imported cases, notices and refused imports, the most memory, and the
 *   findings with the numbers of their mutations
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

/** Runs the fixtures in `workers` processes, and calls `onDone` with each fixture's sum. */
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
