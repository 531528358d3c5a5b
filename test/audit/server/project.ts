/** Makes a small project for the tests of the server, with image files, labels and scores. */
import { createHash } from 'node:crypto';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { pino } from 'pino';
import { createApp } from '../../../audit/server/http/app.ts';
import type { App } from '../../../audit/server/http/app.ts';
import { createContext } from '../../../audit/server/http/context.ts';
import type { ServerContext } from '../../../audit/server/http/context.ts';
import { Home } from '../../../audit/server/home/home.ts';
import type { Mask } from '../../../audit/imaging/types.ts';
import { createProject, openProject } from '../../../audit/store/project.ts';
import type { LabelScore, NewCase } from '../../../audit/store/types.ts';

export const WIDTH = 48;
export const HEIGHT = 40;
const STRUCTURES = [
  { name: 'lung', colour: '#5db2ff' },
  { name: 'heart', colour: '#ff7aa8' },
];

/** 12-bit samples that differ from case to case. */
export function samplesOf(index: number): Uint16Array {
  const samples = new Uint16Array(WIDTH * HEIGHT);
  for (let i = 0; i < samples.length; i += 1) samples[i] = (i * 7 + index * 131) % 4096;
  return samples;
}

/** A rectangle whose height depends on the case, and whose place depends on the structure. */
export function maskOf(index: number, structure: number): Mask {
  const data = new Uint8Array(WIDTH * HEIGHT);
  for (let y = 5 + structure * 4; y < 15 + (index % 10) + structure * 4; y += 1) {
    data.fill(1, y * WIDTH + 6 + structure * 10, y * WIDTH + 20 + structure * 10);
  }
  return { width: WIDTH, height: HEIGHT, data };
}

export interface Fixture {
  readonly root: string;
  readonly folder: string;
  readonly ids: readonly string[];
  readonly app: App;
  readonly context: ServerContext;
  /** Sends a request to the application; a `body` that is no Uint8Array is sent as JSON. */
  ask(
    path: string,
    method?: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Response>;
  close(): Promise<void>;
}

/**
 * Makes a project of `count` cases, of which the last has no heart; adds a run with scores if `scored`.
 * @returns the project's folder
 */
export async function makeProject(
  root: string,
  count: number,
  scored = true,
  idOf = (index: number): string => `case ${index + 1}`,
): Promise<string> {
  const data = join(root, 'data');
  await mkdir(data, { recursive: true });
  const folder = join(root, 'chest.overread');
  const project = await createProject(folder, {
    name: 'Chest & <friends>',
    structures: STRUCTURES,
    origin: { format: 'folders', root: data, options: {}, layout: null },
  });
  const cases: NewCase[] = [];
  for (let index = 0; index < count; index += 1) {
    const png = encode({
      width: WIDTH,
      height: HEIGHT,
      data: samplesOf(index),
      channels: 1,
      depth: 16,
    });
    const imageFile = join(data, `${index}.png`);
    await writeFile(imageFile, png);
    const structures = index === count - 1 ? STRUCTURES.slice(0, 1) : STRUCTURES;
    cases.push({
      id: idOf(index),
      imageFile,
      imageHash: createHash('sha256').update(png).digest('hex'),
      image: { width: WIDTH, height: HEIGHT, bits: 16 },
      split: index % 4 === 3 ? 'test' : 'train',
      annotator: index % 2 === 0 ? 'Ada' : null,
      patient: `P${Math.floor(index / 2) + 1}`,
      labels: structures.map(({ name }, s) => ({
        structure: name,
        mask: maskOf(index, s),
        sourceFile: join(data, `${index}-${name}.png`),
      })),
    });
  }
  await project.addCases(cases);
  if (scored) {
    const run = project.startRun({ epochs: 1 });
    const scores: LabelScore[] = project.cases().flatMap((summary, index) =>
      summary.labels
        .filter((label) => label.mask !== null)
        .map((label, s) => ({
          case: summary.id,
          structure: label.structure,
          mask: label.mask ?? '',
          // The last case scores worst, and in every case the lung scores below the heart.
          caseScore: -index,
          learned: -index - (s === 0 ? 0.5 : 0),
          dice: 1 / (1 + index),
          disagreement: index / (1 + index),
          softmin: 1 / (2 + index),
          area: label.area / (WIDTH * HEIGHT),
          proposalArea: 0.1,
          boundary: -index,
          boundaryOff: Math.min(1, index / 10),
          kind: index === 0 ? ('none' as const) : ('too-small' as const),
          place: null,
        })),
    );
    project.saveScores(run.id, scores);
    project.endRun(run.id, { status: 'done', summary: {} });
  }
  project.close();
  await trustIn(join(root, 'config'), folder);
  return folder;
}

/** Says that the person with the settings in `config` made the project. */
export async function trustIn(config: string, folder: string): Promise<void> {
  const before = process.env['OVERREAD_CONFIG'];
  const project = await openProject(folder);
  process.env['OVERREAD_CONFIG'] = config;
  project.trust();
  if (before === undefined) delete process.env['OVERREAD_CONFIG'];
  else process.env['OVERREAD_CONFIG'] = before;
  project.close();
}

/** Makes a project in a new temporary folder, and an application that has opened it. */
export async function openFixture(
  count: number,
  scored = true,
  idOf?: (index: number) => string,
): Promise<Fixture> {
  const root = await mkdtemp(join(tmpdir(), 'overread server ’s-'));
  const folder = await makeProject(root, count, scored, idOf);
  const context = createContext({
    log: pino({ level: process.env['TEST_LOG'] ?? 'silent' }),
    home: new Home(join(root, 'home')),
  });
  const opened = await context.workspace.open(folder);
  const app = createApp(context);
  return {
    root,
    folder,
    ids: opened.project.caseIds(),
    app,
    context,
    async ask(path, method = 'GET', body, headers) {
      const raw = body instanceof Uint8Array;
      return app.fetch(
        new Request(`http://overread.test${path}`, {
          method,
          ...(body !== undefined && {
            body: raw ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body),
          }),
          headers: {
            ...(body !== undefined && {
              'content-type': raw ? 'application/octet-stream' : 'application/json',
            }),
            ...headers,
          },
        }),
      );
    },
    async close() {
      await context.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}
