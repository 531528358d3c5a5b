/** The log names no patient, case, file or folder of a dataset, whatever has failed. */
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Task } from '../../../audit/contract/api.ts';
import { binary, encodeDicom, newUid, numbers, text } from '../../../audit/codecs/dicom/encode.ts';
import { parseDicom } from '../../../audit/codecs/dicom/data.ts';
import { codesOf } from '../../../audit/datasets/formats/dicom/codes.ts';
import { segmentationFile, sourceOf } from '../../../audit/datasets/formats/dicom/objects.ts';
import { logFolder, logStart } from '../../../audit/log/log.ts';
import { forkHost } from '../../../audit/processes/fork.ts';
import { useProcessHost } from '../../../audit/processes/host.ts';
import { loggedHost } from '../../../audit/processes/logged.ts';
import { createApp } from '../../../audit/server/http/app.ts';
import { createContext } from '../../../audit/server/http/context.ts';
import { overread } from '../cli/overread.ts';
import { truth, writeQam } from '../scoring/fixture.ts';

const DX = '1.2.840.10008.5.1.4.1.1.1.1';
const SIZE = 64;
const NAME = /zzyzx|quenby/i;

/** A parsed line of the log. */
interface Line {
  readonly time: string;
  readonly event: string;
  readonly writer: string;
  readonly task?: string;
  readonly err?: { kind: string; code?: string; message: string; at: string[] };
  readonly [fact: string]: unknown;
}

let root: string;
let dataset: string;
let project: string;

function radiograph(index: number): Buffer {
  const { lung, heart } = truth(index);
  const samples = lung.data.map((inside, at) => (inside ? 220 : heart.data[at] ? 5 : 100 + index));
  return encodeDicom(DX, newUid(), [
    text(0x00100010, 'PN', 'Zzyzx^Quenby'),
    text(0x00100020, 'LO', `Zzyzx-${index}`),
    text(0x00080060, 'CS', 'DX'),
    text(0x0020000e, 'UI', newUid()),
    numbers(0x00280002, 'US', 1),
    text(0x00280004, 'CS', 'MONOCHROME2'),
    numbers(0x00280010, 'US', SIZE),
    numbers(0x00280011, 'US', SIZE),
    numbers(0x00280100, 'US', 8),
    numbers(0x00280101, 'US', 8),
    numbers(0x00280102, 'US', 7),
    numbers(0x00280103, 'US', 0),
    binary(0x7fe00010, 'OB', samples),
  ]);
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'overread Zzyzx '));
  dataset = join(root, 'Quenby, Zzyzx');
  project = join(root, 'Zzyzx.overread');
  vi.stubEnv('OVERREAD_CONFIG', join(root, 'config'));
  await mkdir(join(dataset, 'labels Quenby'), { recursive: true });
  for (let index = 0; index < 4; index += 1) {
    const image = radiograph(index);
    const masks = Object.entries(truth(index)).map(([label, mask]) => ({
      ...codesOf(label),
      label,
      algorithm: { type: 'MANUAL', name: '' },
      mask,
    }));
    const labels = segmentationFile(sourceOf(parseDicom(image)), masks);
    await writeFile(join(dataset, `Zzyzx ${index}.dcm`), image);
    await writeFile(join(dataset, 'labels Quenby', `Quenby${index}`), labels);
  }
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true, force: true });
});

it('the log says what failed, when, and where in the code, but has no names', async () => {
  const context = createContext();
  logStart(context.log);
  const app = createApp(context);
  const ask = async (path: string, json?: unknown): Promise<Response> => {
    const headers = { 'content-type': 'application/json' };
    const asked = json === undefined ? {} : { method: 'POST', body: JSON.stringify(json), headers };
    return app.fetch(new Request(`http://overread.test${path}`, asked));
  };
  const ended = async (response: Response): Promise<Task | null> =>
    context.tasks.ended(((await response.json()) as Task).id);
  // This program runs in place of the scorer. It crashes, with a name in its output.
  const crash = join(root, 'Zzyzx.mjs');
  await writeFile(crash, `throw new RangeError(${JSON.stringify(join(dataset, 'Zzyzx 0.dcm'))});`);
  const crashing = loggedHost(
    { start: (name, _entry, events) => forkHost.start(name, crash, events) },
    (ending) => context.log.error(ending, 'program ended'),
  );
  useProcessHost(crashing);
  try {
    const imported = await ended(await ask('/api/import', { project, source: dataset }));
    expect(imported).toMatchObject({ state: 'done', result: { cases: 4 } });
    const [id = ''] = context.workspace.require().project.caseIds();
    expect(id).toMatch(NAME);

    // Asks for a folder and for a case that do not exist.
    expect((await ask('/api/import/preview', { source: join(root, 'Quenby') })).status).toBe(400);
    expect((await ask('/api/cases/Quenby/picture?size=128')).status).toBe(404);
    // Damages an image and asks for its picture.
    await writeFile(join(dataset, `${id}.dcm`), 'Quenby');
    const picture = `/api/cases/${encodeURIComponent(id)}/picture?size=128`;
    expect((await ask(picture)).status).toBe(400);
    // Starts the scorer, which crashes.
    const qam = join(root, 'Zzyzx.onnx');
    writeQam(qam);
    expect((await ended(await ask('/api/score', { model: qam })))?.state).toBe('failed');
    // Runs a task that fails as a defect of Overread does.
    const defect = context.tasks.start(
      { kind: 'verify', title: 'Zzyzx', writes: false, project: true },
      () => Promise.reject(new TypeError(`Quenby: “${dataset}” is not a function`)),
    );
    expect((await context.tasks.ended(defect.id))?.error).toMatch(/log has the details/);
  } finally {
    useProcessHost(forkHost);
    await context.close();
  }
  // Runs a command that fails on a folder that does not exist.
  const { code, err } = await overread(
    'create',
    join(root, 'x.overread'),
    '--from',
    join(root, 'Quenby'),
  );
  expect([code, NAME.test(err)]).toEqual([1, true]);

  const names = await readdir(logFolder());
  expect(names).toEqual(['overread.log']);
  const written = await readFile(join(logFolder(), 'overread.log'), 'utf8');
  expect(written).not.toMatch(NAME);
  expect(written).not.toContain(root);
  const lines = written
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  for (const { time } of lines)
    expect(Math.abs(Date.now() - Date.parse(time))).toBeLessThan(600_000);
  const of = (event: string, facts: object): Line => {
    const found = lines.filter((line) => line.event === event);
    expect(found).toContainEqual(expect.objectContaining(facts));
    return found.find((line) =>
      Object.entries(facts).every(([key, value]) => line[key] === value),
    )!;
  };
  expect(of('task ended', { task: 'import', state: 'done' })).toMatchObject({
    ms: expect.any(Number) as number,
    counts: { cases: 4, labels: 8, leftOut: 0 },
  });
  const place = expect.stringMatching(/(?:audit|trainer|test)\/[\w/-]+\.[jt]s:\d+:\d+$/) as string;
  const picture = { route: '/api/cases/:id/picture', method: 'GET' };
  for (const [event, facts, kind] of [
    ['request refused', { ...picture, status: 404 }, 'UserError'],
    ['request refused', { ...picture, status: 400 }, 'UserError'],
    ['request refused', { route: '/api/import/preview', status: 400 }, 'UserError'],
    ['task failed', { task: 'score' }, 'UserError'],
    ['task failed', { task: 'verify' }, 'TypeError'],
    ['command failed', { command: 'create', exitCode: 1 }, 'UserError'],
  ] as const) {
    const { err } = of(event, facts);
    expect(err, event).toMatchObject({ kind, at: expect.arrayContaining([place]) as string[] });
    expect(err?.message, event).not.toBe('');
  }
  expect(of('program ended', { program: 'scorer', code: 1 })['tail']).toContainEqual(
    'RangeError: [dataset]/…',
  );
  const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
  for (const writer of ['serve', 'command']) {
    of('start', { writer, version, platform: process.platform });
  }
});
