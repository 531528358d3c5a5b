// The process that imports mutated files, one dataset after another, in its own folder. fuzz.mjs starts
// it and watches its time and memory.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { unpackProject } from '../../dist/audit/archive/unpack.js';
import { createFromDataset } from '../../dist/audit/datasets/import/create.js';
import { openDataset } from '../../dist/audit/datasets/registry.js';
import { UserError } from '../../dist/audit/errors.js';
import { Random } from '../../dist/models/random.js';
import { sentenceProblem, snapshot, watchWrites } from './check.mjs';
import { allFixtures } from './fixtures.mjs';
import { mutated } from './mutate.mjs';

const base = mkdtempSync(join(tmpdir(), 'overread-fuzz-'));
const data = join(base, 'data');
const place = join(base, 'project.overread');
const work = join(base, 'work');
mkdirSync(work);
mkdirSync(join(base, 'outside'));
writeFileSync(join(base, 'outside', 'secret.png'), 'what no dataset may reach');
// A new project is noted in the configuration folder, as one that a person made here.
process.env.OVERREAD_CONFIG = join(base, 'config');
process.chdir(work);
const SIBLINGS = ['config', 'data', 'outside', 'work'];

const fixtures = new Map(allFixtures().map((fixture) => [fixture.name, fixture]));
const strange = watchWrites(base);
const alive = () => process.send({ kind: 'alive' });

/** @returns the bytes of mutation `number` of the fixture's file */
export async function mutation(fixture, seed, number) {
  const numbers = Random.forTraining('fuzz', fixture.name, seed, number);
  const original = await fixture.original(number);
  return (fixture.mutate ?? mutated)(original, fixture, numbers);
}

/**
 * Checks a sentence about a file, and adds what is wrong to `problems`. The path of the fuzz test's folder
 * is removed first, so that it does not make the sentence too long.
 */
function told(sentence, problems) {
  const short = sentence.replaceAll(base, '');
  const problem = sentenceProblem(short);
  if (problem !== null) problems.push(`${problem}: ${JSON.stringify(short.slice(0, 300))}`);
}

/**
 * @returns the numbers of the mutated files that were not imported (for labels: whose image was not)
 *   and have no notice
 */
function unaccounted(items, ids, notices) {
  const isNamed = ({ number }) => {
    const name = new RegExp(`\\b[mi]${number}\\b`);
    return (
      ids.some((id) => name.test(id)) ||
      notices.some(({ file, reason }) => name.test(`${file} ${reason}`))
    );
  };
  return items.filter((item) => !isNamed(item)).map(({ number }) => number);
}

/**
 * Imports the dataset.
 * @returns the numbers of imported cases and notices; it adds what is wrong to `problems`
 */
async function importAll(fixture, items, problems) {
  const options = JSON.parse(JSON.stringify(fixture.options ?? {}).replace('"DATA/', `"${data}/`));
  // Half of the imports guess the format, so that all readers see the files.
  const isGuessed = fixture.together > 1 ? items[0].number % 80 < 40 : items[0].number % 2 === 0;
  const listing = await openDataset(data, options, isGuessed ? undefined : fixture.format);
  alive();
  for (const { imageFile, labels } of listing.cases) {
    for (const file of [imageFile, ...labels.map((label) => label.file)]) {
      if (relative(data, file).startsWith('..')) problems.push(`reads ${relative(data, file)}`);
    }
  }
  const { project } = await createFromDataset(place, listing, { onProgress: alive });
  try {
    const notices = [...project.importNotices()];
    for (const { file, reason } of notices) told(`${file} ${reason}`, problems);
    const ids = project.caseIds();
    const unknown = fixture.together > 1 ? unaccounted(items, ids, notices) : [];
    if (unknown.length > 0) {
      problems.push(`mutations ${unknown.join(', ')} were neither imported nor reported`);
    }
    return { cases: ids.length, notices: notices.length };
  } finally {
    project.close();
  }
}

async function unpack() {
  const { cases } = await unpackProject(join(data, 'p.overread.zip'), place, {
    author: 'fuzz',
    onProgress: alive,
  });
  return { cases, notices: 0 };
}

/** Writes the mutations as one dataset, imports it, and checks the files that are left. */
async function attempt(fixture, seed, numbers) {
  const items = [];
  for (const number of numbers)
    items.push({ number, bytes: await mutation(fixture, seed, number) });
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data);
  await fixture.lay(data, items);
  const before = snapshot(data);
  const outside = snapshot(join(base, 'outside'));
  strange.length = 0;
  alive();
  const problems = [];
  let taken = { cases: 0, notices: 0, refused: false };
  try {
    taken = {
      ...taken,
      ...(await (fixture.format === 'zip' ? unpack() : importAll(fixture, items, problems))),
    };
  } catch (error) {
    taken.refused = true;
    if (!(error instanceof UserError)) problems.push(`a defect: ${error?.stack ?? error}`);
    else {
      told(error.message, problems);
      if (!error.message.includes(base))
        problems.push(`names no file: ${error.message.slice(0, 200)}`);
      if (existsSync(place)) problems.push('a refused import left a project');
    }
  }
  if (snapshot(data) !== before) problems.push('the dataset was changed');
  if (snapshot(join(base, 'outside')) !== outside) problems.push('a file outside was changed');
  rmSync(place, { recursive: true, force: true });
  for (const path of new Set(strange)) problems.push(`wrote to ${path}`);
  const left = readdirSync(base).filter((name) => !SIBLINGS.includes(name));
  if (left.length > 0) problems.push(`left ${left.join(', ')} beside the project`);
  for (const name of left) rmSync(join(base, name), { recursive: true, force: true });
  if (readdirSync(work).length > 0) problems.push('left files in the working folder');
  return { ...taken, problems };
}

process.on('message', async ({ name, seed, numbers, keep }) => {
  const fixture = fixtures.get(name);
  if (keep !== undefined) {
    // Writes the mutated file to the path `keep`, and imports nothing.
    writeFileSync(keep, await mutation(fixture, seed, numbers[0]));
    process.send({ kind: 'kept' });
    return;
  }
  const result = await attempt(fixture, seed, numbers);
  const { maxRSS } = process.resourceUsage();
  // `maxRSS` is in kilobytes.
  process.send({
    kind: 'done',
    ...result,
    peak: maxRSS * 1024,
    resident: process.memoryUsage.rss(),
  });
});
process.on('disconnect', () => {
  rmSync(base, { recursive: true, force: true });
  process.exit(0);
});
process.send({ kind: 'ready', folder: base });
