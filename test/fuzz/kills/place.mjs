// The project whose changes are killed, and what is left of it afterwards.
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encode } from 'fast-png';
import { zipSync } from 'fflate';
import { openProject, openProjectForWriting } from '../../../dist/audit/store/project.js';

export const MAIN = fileURLToPath(new URL('../../../dist/audit/cli/main.js', import.meta.url));
const SIDE = 32;
const STRUCTURES = ['lung', 'heart', 'aorta'];

/** The folders under `root`. The dataset is shared; the rest is made anew for each kill. */
export function placeIn(root, dataset) {
  return {
    root,
    data: dataset,
    project: join(root, 'chest.overread'),
    config: join(root, 'config'),
    out: join(root, 'out'),
    pack: join(dataset, '..', 'chest.overread.zip'),
    mask: join(dataset, '..', 'new-mask.png'),
    archive: join(dataset, '..', 'scans.zip'),
  };
}

const oldDatabase = ({ root }) => join(root, 'old.db');

const png = (value) =>
  encode({
    width: SIDE,
    height: SIDE,
    channels: 1,
    depth: 8,
    data: Uint8Array.from({ length: SIDE * SIDE }, (_, at) => value(at % SIDE, (at / SIDE) | 0)),
  });

export function environment(place) {
  return { ...process.env, OVERREAD_CONFIG: place.config, OVERREAD_AUTHOR: 'Ada' };
}

/** Runs the part of `work` that does not wait as the person whose settings lie in `place`. */
export function withConfig(place, work) {
  const before = process.env.OVERREAD_CONFIG;
  process.env.OVERREAD_CONFIG = place.config;
  try {
    return work();
  } finally {
    if (before === undefined) delete process.env.OVERREAD_CONFIG;
    else process.env.OVERREAD_CONFIG = before;
  }
}

function overread(place, ...args) {
  const { status, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    env: environment(place),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`overread ${args.join(' ')}: ${stderr}`);
}

/** Makes the dataset, and the project that every kill begins with. */
export async function makeBase(place) {
  const { data } = place;
  for (const folder of ['images', ...STRUCTURES])
    mkdirSync(join(data, folder), { recursive: true });
  mkdirSync(place.config, { recursive: true });
  for (let n = 0; n < 4; n += 1) {
    writeFileSync(
      join(data, 'images', `case-${n}.png`),
      png((x, y) => (x * 7 + y * n) % 256),
    );
    STRUCTURES.forEach((name, s) => {
      const inside = (x, y) => x > 4 + s && x < 20 + n && y > 5 + s && y < 25;
      writeFileSync(
        join(data, name, `case-${n}.png`),
        png((x, y) => (inside(x, y) ? 255 : 0)),
      );
    });
  }
  writeFileSync(
    place.mask,
    png((x) => (x < 9 ? 255 : 0)),
  );
  const names = filesIn(data);
  const files = names.map((name) => [name, new Uint8Array(readFileSync(join(data, name)))]);
  writeFileSync(place.archive, zipSync(Object.fromEntries(files)));
  cpSync(data, `${data}-moved`, { recursive: true });
  overread(place, 'create', place.project, '--from', data);
  const open = () => openProjectForWriting(place.project, { purpose: 'test' });
  const writer = await withConfig(place, open);
  const run = writer.startRun({ epochs: 1 });
  const scores = writer.cases().flatMap((summary, index) =>
    summary.labels.map(({ structure, mask }, s) => ({
      ...{ case: summary.id, structure, mask, caseScore: index, learned: index - s / 10 },
      ...{ dice: 0.9, disagreement: 0.1, softmin: 0.1, area: 0.1, proposalArea: 0.1 },
      ...{ boundary: 0, boundaryOff: 0.1, kind: 'none', place: null },
    })),
  );
  writer.copyDatabase(oldDatabase(place));
  writer.saveScores(run.id, scores);
  writer.endRun(run.id, { status: 'done', summary: {} });
  writer.chooseRun(run.id, { author: 'Ada' });
  const by = { author: 'Ada', step: 'a step' };
  for (const structure of STRUCTURES) writer.setVerdict('case-0', structure, 'flagged', by);
  const one = { x: 0, y: 0, width: 1, height: 1 };
  const runs = { before: Uint8Array.of(1), after: Uint8Array.of(0, 1) };
  writer.appendStroke(
    'case-1',
    'lung',
    { ...one, ...runs, pixels: { before: Uint8Array.of(0), after: Uint8Array.of(1) } },
    { author: 'Ada' },
  );
  writer.close();
  overread(place, 'pack', place.project, place.pack);
}

/** Puts the base's project into `place`, as if nothing had happened there. */
export function reset(base, place, { old = false } = {}) {
  for (const folder of [place.project, place.config, place.out]) {
    rmSync(folder, { recursive: true, force: true });
  }
  cpSync(base.project, place.project, { recursive: true });
  if (old) cpSync(oldDatabase(base), join(place.project, 'project.db'));
  mkdirSync(place.config, { recursive: true });
  mkdirSync(place.out, { recursive: true });
  overreadTrust(place);
}

/** The person made the project in `place`. The file is the same each time. */
const trusted = new Map();
function overreadTrust(place) {
  const folder = join(place.config, 'trusted');
  if (!trusted.has(place.root)) {
    overread(place, 'trust', place.project);
    const [name] = readdirSync(folder);
    trusted.set(place.root, [name, readFileSync(join(folder, name))]);
    return;
  }
  const [name, content] = trusted.get(place.root);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), content);
}

/** Texts that differ from run to run. */
const RANDOM =
  /\d{8}-\d{6}-[0-9a-f]{4}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[\d:.]+Z?/g;

async function stateOfProject(place, folder) {
  const project = await withConfig(place, () => openProject(folder));
  try {
    const findings = await project.verify();
    const cases = project.cases().map((summary) => ({
      summary,
      labels: summary.labels.map(({ structure }) => ({
        revisions: project
          .revisions(summary.id, structure)
          .map(({ mask, author, reason, sourceFile }) => ({ mask, author, reason, sourceFile })),
        strokes: project.strokes(summary.id, structure).length,
      })),
    }));
    const log = project
      .auditLog()
      .map(({ author, action, detail }) => ({ author, action, detail }));
    const state = {
      cases,
      log,
      root: project.origin.root,
      runs: project.runs(),
      chosen: project.chosenRun()?.run ?? null,
      models: project.scoredModels(),
      calibrations: project.runs().map(({ id }) => project.calibration(id)),
      notices: project.importNotices(),
    };
    return { findings, state };
  } finally {
    project.close();
  }
}

/** What lies in a folder: names of files with their sizes. */
function filesIn(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => statSync(join(folder, name)).isFile())
    .sort();
}

const readJson = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : null);

/**
 * The state of everything in `place` that a person could miss, as text, and what is wrong with it.
 * @returns problems: findings of `verify` that are errors
 */
export async function stateOf(place) {
  const problems = [];
  const projects = {};
  const names = existsSync(place.out) ? readdirSync(place.out) : [];
  const folders = names.filter((name) => name.endsWith('.overread') && !name.startsWith('.'));
  for (const folder of [place.project, ...folders.map((name) => join(place.out, name))]) {
    if (!existsSync(join(folder, 'project.db'))) continue;
    const { findings, state } = await stateOfProject(place, folder);
    projects[folder] = state;
    for (const { severity, message } of findings) if (severity === 'error') problems.push(message);
  }
  const state = {
    projects,
    settings: readJson(join(place.config, 'settings.json')),
    recent: (readJson(join(place.config, 'recent.json')) ?? []).map(({ folder, cases }) => ({
      folder,
      cases,
    })),
    trusted: filesIn(join(place.config, 'trusted')).filter((name) => name.endsWith('.json')).length,
    outs: names.filter((name) => !name.startsWith('.')),
  };
  return { text: JSON.stringify(state, null, 1).replaceAll(RANDOM, '…'), problems };
}

/** Files that only a killed process leaves: half-written ones, and copies of databases. */
export function leftovers(place) {
  return [place.project, place.config, place.out].flatMap((folder) =>
    filesIn(folder)
      .filter((name) =>
        /\.(part|tmp|new)$|(^|[\\/])\.[^\\/]+\.(db|part)|labels[\\/]tmp|\.part-/.test(name),
      )
      .map((name) => join(folder, name)),
  );
}

/** A seeded source of numbers from 0 to 1 (mulberry32). */
export function randomOf(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
