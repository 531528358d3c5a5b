// npm run fuzz:packs [-- --count N --seed N --first N --only NAME --commands N --json]: makes hostile packs out of
// real ones (packs/mutations.mjs) and unpacks each, by the command or by the server's route. A pack must be refused in
// one sentence that leaves nothing behind, or be harmless: no file of the person is read, written or carried away,
// also when the project is opened, exported, reported and packed; and no process ends, hangs or takes 1 GB.
import { fork, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { existsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { clearTimeout, setTimeout } from 'node:timers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { inflateRawSync } from 'node:zlib';
import { sentenceProblem, snapshot } from './check.mjs';
import { MAIN, randomOf } from './kills/place.mjs';
import { MARK, makeMachine, makePacks } from './packs/base.mjs';
import { KINDS } from './packs/mutations.mjs';

const SERVER = fileURLToPath(new URL('./packs/server.mjs', import.meta.url));
/** Longest time in milliseconds for one pack, and most memory of a process. */
const LONGEST = 60_000;
const MOST_MEMORY = 1024 ** 3;
/** Notes the most memory of a command at its end. */
const PEAK = `data:text/javascript,${encodeURIComponent(
  "import{writeFileSync}from'node:fs';process.on('exit',()=>writeFileSync(process.env.PEAK,String(process.resourceUsage().maxRSS)))",
)}`;
const environment = (machine) => ({
  ...process.env,
  ...{ OVERREAD_CONFIG: machine.config, OVERREAD_AUTHOR: 'Ada' },
});

/** The server's process. When it has ended, the next request starts another. */
class Server {
  #machine;
  #child = null;
  #said = '';

  constructor(machine) {
    this.#machine = machine;
  }

  async #start() {
    const { work } = this.#machine;
    const stdio = ['ignore', 'ignore', 'pipe', 'ipc'];
    this.#child = fork(SERVER, { stdio, cwd: work, env: environment(this.#machine) });
    this.#said = '';
    this.#child.stderr.on('data', (text) => (this.#said = `${this.#said}${text}`.slice(-1500)));
    await new Promise((done) => this.#child.once('message', done));
  }

  /** @returns the answer, or how the process ended; it adds what is wrong to `problems` */
  async ask(request, problems) {
    if (this.#child === null) await this.#start();
    const child = this.#child;
    const result = await new Promise((done) => {
      const timer = setTimeout(() => done({ ended: `said nothing for ${LONGEST} ms` }), LONGEST);
      const end = (value) => {
        clearTimeout(timer);
        done(value);
      };
      child.once('message', end);
      child.once('exit', (code, signal) => end({ ended: `ended with ${code ?? signal}` }));
      child.send(request);
    });
    child.removeAllListeners();
    if (result.ended !== undefined) {
      problems.push(`${request.door}: the server ${result.ended}: ${this.#said}`);
      this.stop();
      return null;
    }
    if (result.peak > MOST_MEMORY) {
      problems.push(`${request.door}: the server took ${Math.round(result.peak / 1024 ** 2)} MB`);
      this.stop();
    }
    if (result.answer.defect !== undefined)
      problems.push(`${request.door}: ${result.answer.defect}`);
    return result.answer.defect === undefined ? result.answer : null;
  }

  stop() {
    this.#child?.kill('SIGKILL');
    this.#child = null;
  }
}

/** Unpacks by the command. @returns as the server's route */
async function unpackByCommand(machine, project, problems) {
  const peak = join(machine.config, 'peak');
  const args = ['--import', PEAK, MAIN, 'unpack', machine.pack, project];
  const env = { ...environment(machine), PEAK: peak };
  const child = spawn(process.execPath, args, { cwd: machine.work, env });
  let said = '';
  child.stderr.on('data', (text) => (said += text));
  child.stdout.on('data', () => undefined);
  const timer = setTimeout(() => child.kill('SIGKILL'), LONGEST);
  const code = await new Promise((done) => child.on('close', done));
  clearTimeout(timer);
  const memory = existsSync(peak) ? Number(readFileSync(peak, 'utf8')) * 1024 : 0;
  rmSync(peak, { force: true });
  if (memory > MOST_MEMORY) problems.push(`the command took ${Math.round(memory / 1024 ** 2)} MB`);
  if (code === 0) return { status: 200, error: null };
  if (code !== 1) problems.push(`the command ended with ${code}: ${said.slice(0, 1500)}`);
  const [sentence = ''] = said.split('\n').filter((line) => line.startsWith('overread: '));
  if (said.includes('Unexpected error')) problems.push(`not foreseen: ${said.slice(0, 1500)}`);
  return { status: 400, error: sentence.replace('overread: ', '') };
}

/** Whether a file of the person was carried into `bytes`, a packed file too. */
function carries(bytes) {
  if (bytes.includes(MARK)) return true;
  for (let at = 0; (at = bytes.indexOf('PK\u0003\u0004', at, 'latin1')) >= 0; at += 4) {
    const start = at + 30 + bytes.readUInt16LE(at + 26) + bytes.readUInt16LE(at + 28);
    try {
      const most = { maxOutputLength: 2 ** 26 };
      if (bytes[at + 8] === 8 && inflateRawSync(bytes.subarray(start), most).includes(MARK))
        return true;
    } catch {
      // What stands there is no compressed file.
    }
  }
  return false;
}

const filesIn = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));

/** Long ago, so that reading a file changes its time of access. */
const LONG_AGO = new Date(1e12);
const privateFiles = ({ private: place, work }) => [...filesIn(place), ...filesIn(work)];
const forgetReads = (machine) => {
  for (const file of privateFiles(machine)) utimesSync(file, LONG_AGO, new Date());
};
const wasRead = (machine) =>
  privateFiles(machine).filter((file) => statSync(file).atimeMs !== LONG_AGO.getTime());

/** What a sentence for people lacks. The machine's folder is left out, so that it does not make it too long. */
function told(sentence, machine, problems) {
  const short = (sentence ?? '').replaceAll(machine.folder, '');
  const problem = sentenceProblem(short);
  if (problem !== null) problems.push(`${problem}: ${JSON.stringify(short.slice(0, 400))}`);
}

/** Whether an open file notes when it was read; not on every disk. */
function notesReads(machine) {
  forgetReads(machine);
  readFileSync(join(machine.private, 'secret.bin'));
  return wasRead(machine).length > 0;
}

/** Unpacks one hostile pack. @returns what became of it, and what is wrong */
async function attempt(kind, about, { packs, server, byCommand, sees }) {
  const { machine } = about;
  const problems = [];
  const files = new Map(packs[about.below(2)]);
  writeFileSync(machine.pack, await kind.make(files, about));
  forgetReads(machine);
  const still = () =>
    [machine.data, machine.private, machine.work, machine.in].map(snapshot).join('\n') +
    readdirSync(machine.folder).join();
  const before = still();
  const project = join(machine.out, 'gift.overread');
  const request = { door: 'unpack', file: machine.pack, project };
  const made = byCommand
    ? await unpackByCommand(machine, project, problems)
    : await server.ask(request, problems);
  if (made?.code === 'internal') problems.push(`unpack: not foreseen: ${made.error}`);
  const isMade = made?.status === 200;
  if (!isMade) {
    if (made !== null) told(made.error, machine, problems);
    const left = readdirSync(machine.out);
    if (left.length > 0) problems.push(`left ${left.join(', ')}`);
  } else {
    const opened = await server.ask({ door: 'open', folder: project }, problems);
    if (opened !== null && opened.status !== 200) {
      problems.push(`it was unpacked and cannot be opened: ${opened.error}`);
    }
    const { out, data } = machine;
    const seen = (await server.ask({ door: 'walk', out, data }, problems)) ?? [];
    for (const { request: asked, status, error, code } of seen) {
      if (status >= 500 || code === 'internal') problems.push(`${asked}: ${status} ${error}`);
      else if (status >= 400) told(error, machine, problems);
    }
    for (const file of filesIn(machine.out)) {
      if (carries(readFileSync(file))) problems.push(`carried a file away in ${file}`);
    }
  }
  const notes = join(machine.config, 'temporary');
  const left = existsSync(notes) ? readdirSync(notes).length : 0;
  if (left > 0) problems.push(`left ${left} temporary files`);
  if (sees) for (const file of wasRead(machine)) problems.push(`read ${file}`);
  if (still() !== before) problems.push('changed a file outside of the project');
  rmSync(machine.out, { recursive: true });
  makeMachine(machine.folder, machine.source);
  return { isMade, said: made?.error ?? null, problems };
}

/**
 * Unpacks `count` hostile packs.
 * @param options.only a part of the kinds' names
 * @param options.commands every pack of this number is unpacked by the command, the others by the server
 */
export async function packs({ seed, first, count, only, commands, onDone = () => undefined }) {
  const root = mkdtempSync(join(tmpdir(), 'overread-packs-'));
  const kinds = KINDS.filter(({ name }) => name.includes(only));
  const sum = { packs: 0, refused: 0, harmless: 0, commands: 0, findings: [] };
  let server = null;
  try {
    const made = await makePacks(root);
    const machine = { ...makeMachine(join(root, 'machine'), made.data), source: made.data };
    const sees = notesReads(machine);
    const secret = readFileSync(join(machine.private, 'secret.png'));
    const hashOfSecret = createHash('sha256').update(secret).digest('hex');
    server = new Server(machine);
    for (let number = first; number < first + count; number += 1) {
      const random = randomOf(seed * 1_000_003 + number);
      const below = (n) => Math.floor(random() * n);
      const pick = (list) => list[below(list.length)];
      const kind = kinds[(number * 37) % kinds.length];
      const byCommand = number % commands === 0;
      const about = { below, pick, machine, run: made.run, hashOfSecret };
      const options = { packs: made.packs, server, byCommand, sees };
      const { isMade, said, problems } = await attempt(kind, about, options);
      sum.packs += 1;
      sum.commands += byCommand ? 1 : 0;
      sum[isMade ? 'harmless' : 'refused'] += 1;
      for (const problem of problems) sum.findings.push(`${number} (${kind.name}): ${problem}`);
      onDone({ number, kind: kind.name, isMade, said, problems });
    }
  } finally {
    server?.stop();
    rmSync(root, { recursive: true, force: true });
  }
  return sum;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '0' },
      first: { type: 'string', default: '0' },
      count: { type: 'string', default: '200' },
      only: { type: 'string', default: '' },
      commands: { type: 'string', default: '4' },
      json: { type: 'boolean', default: false },
    },
  });
  const [seed, first, count] = [values.seed, values.first, values.count].map(Number);
  const began = performance.now();
  const sum = await packs({
    ...{ seed, first, count, only: values.only, commands: Number(values.commands) },
    onDone: ({ number, kind, isMade, said, problems }) => {
      if (values.json) return;
      console.log(`${number} ${kind}: ${isMade ? 'harmless' : said}`);
      for (const problem of problems) console.log(`  FOUND ${problem.slice(0, 1500)}`);
    },
  });
  if (values.json) console.log(JSON.stringify(sum));
  else {
    const minutes = ((performance.now() - began) / 60_000).toFixed(1);
    console.log(
      `${sum.packs} packs (${sum.commands} by the command): ${sum.refused} refused, ${sum.harmless} harmless, ${sum.findings.length} findings, ${minutes} minutes`,
    );
  }
  process.exit(sum.findings.length > 0 ? 1 : 0);
}
