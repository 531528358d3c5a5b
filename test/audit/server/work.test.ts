/** Runs long tasks through the server, with the real import, training, networks, export and report. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../../audit/server/http/app.ts';
import { createContext } from '../../../audit/server/http/context.ts';
import type { ServerContext } from '../../../audit/server/http/context.ts';
import { ImportTaskResult } from '../../../audit/contract/api.ts';
import type { Task } from '../../../audit/contract/api.ts';
import { createClient } from '../../../audit/contract/client.ts';
import type { Client } from '../../../audit/contract/client.ts';
import type { ServerEvent } from '../../../audit/contract/events.ts';
import { Home } from '../../../audit/server/home/home.ts';

const SIDE = 64;
const CASES = 8;
let root: string;
let context: ServerContext;
let client: Client;
const events: ServerEvent[] = [];

/** Writes images of a bright disc on noise, with their masks; the mask of the last case is shifted. */
async function makeDataset(folder: string): Promise<void> {
  for (const name of ['images', 'masks/heart']) {
    await mkdir(join(folder, name), { recursive: true });
  }
  for (let index = 0; index < CASES; index += 1) {
    const image = new Uint8Array(SIDE * SIDE);
    const mask = new Uint8Array(SIDE * SIDE);
    const [x0, y0] = [26 + index, 30 + (index % 3)];
    for (let i = 0; i < image.length; i += 1) {
      const [x, y] = [i % SIDE, Math.floor(i / SIDE)];
      const inside = (x - x0) ** 2 + (y - y0) ** 2 < 144;
      image[i] = (inside ? 170 : 60) + ((i * 37 + index * 11) % 40);
      const shift = index === CASES - 1 ? 18 : 0;
      if ((x - x0 + shift) ** 2 + (y - y0) ** 2 < 144) mask[i] = 255;
    }
    const png = (data: Uint8Array): Uint8Array =>
      encode({ width: SIDE, height: SIDE, data, channels: 1, depth: 8 });
    await writeFile(join(folder, 'images', `x${index}.png`), png(image));
    await writeFile(join(folder, 'masks/heart', `x${index}.png`), png(mask));
  }
  await writeFile(join(folder, 'images', 'broken.png'), 'not an image');
}

async function ended(task: Task): Promise<Task> {
  return (await context.tasks.ended(task.id)) ?? task;
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'overread-work-'));
  await makeDataset(join(root, 'data'));
  context = createContext({
    log: pino({ level: process.env['TEST_LOG'] ?? 'silent' }),
    home: new Home(join(root, 'home')),
  });
  context.bus.listen(({ event }) => events.push(event));
  const app = createApp(context);
  client = createClient(
    async (address, init) => app.fetch(new Request(address, init)),
    'http://overread.test',
  );
});
afterAll(async () => {
  await context.close();
  await rm(root, { recursive: true, force: true });
});

const dataset = (): { source: string; options: Record<string, unknown> } => ({
  source: '',
  options: { images: join(root, 'data/images'), labels: { heart: join(root, 'data/masks/heart') } },
});

describe('an import', () => {
  it('is previewed without writing a file', async () => {
    const preview = await client.previewImport({ ...dataset(), limit: 3 });
    expect(preview.total).toBeGreaterThanOrEqual(CASES);
    expect(preview.cases).toHaveLength(3);
    expect(preview.structures).toMatchObject([{ name: 'heart', labels: CASES }]);
    expect((await client.status()).project).toBe(null);
    await expect(client.cases()).rejects.toMatchObject({ status: 409 });
  });

  it('makes the project, opens it, and lists the files it left out', async () => {
    const project = join(root, 'p.overread');
    const task = await ended(await client.importDataset({ ...dataset(), project }));
    expect(task).toMatchObject({ state: 'done', error: null });
    expect(ImportTaskResult.parse(task.result)).toMatchObject({ folder: project, cases: CASES });
    expect((await client.project()).cases).toBe(CASES);
    const { notices } = await client.notices();
    expect(notices.some(({ file }) => file.endsWith('broken.png'))).toBe(true);
    expect((await client.recentProjects()).projects[0]?.folder).toBe(project);
    // A second import has nothing to do, and the project stays open for writing.
    const again = await ended(await client.importDataset({ ...dataset(), project }));
    expect(ImportTaskResult.parse(again.result)).toMatchObject({ cases: 0, known: CASES });
    expect((await client.project()).writable).toBe(true);
  });

  it('that fails says why and leaves no folder', async () => {
    const project = join(root, 'empty.overread');
    const source = join(root, 'nowhere');
    const task = await ended(await client.importDataset({ source, project }));
    expect(task.state).toBe('failed');
    expect(task.error).toContain('nowhere');
    await expect(readFile(join(project, 'project.db'))).rejects.toThrow();
  });
});

describe('a training', () => {
  it('runs, reports every epoch, and ranks with its networks', async () => {
    const started = await client.train({
      size: 32,
      backend: 'wasm',
      training: {
        epochs: 2,
        batch: 4,
        width: 4,
        levels: 2,
        qamWidths: [4, 4],
        warmUp: 1,
        averageEpochs: 1,
      },
    });
    await expect(client.train()).rejects.toMatchObject({ status: 409 });
    await expect(client.closeProject()).rejects.toMatchObject({ status: 409 });
    const task = await ended(started);
    expect(task.error).toBe(null);
    const { run } = task.result as { run: string };
    expect((await client.run(run)).status).toBe('done');
    expect((await client.run(run)).current).toBe(true);
    const epochs = events.filter(
      (event) => event.type === 'run' && event.run === run && event.message.type === 'epoch',
    );
    expect(epochs).toHaveLength(2);
    expect((await client.metrics(run)).epochs.map(({ epoch }) => epoch)).toEqual([1, 2]);
    expect((await client.metrics(run, 1)).epochs).toHaveLength(1);
    const page = await client.cases({ by: 'learned' });
    expect(page.model).toBe(run);
    expect(page.entries.every(({ rank }) => rank !== null)).toBe(true);
    await expect(client.pauseRun(run)).rejects.toMatchObject({ status: 409 });
  }, 120_000);

  it('leaves networks that give proposals of the image’s size and a quality map', async () => {
    const detail = await client.case('x0');
    expect(detail).toMatchObject({ proposal: true, quality: true });
    const proposal = await client.proposal('x0', 'heart');
    expect(proposal).toMatchObject({ width: SIDE, height: SIDE });
    expect(proposal.data.every((value) => value === 0 || value === 1)).toBe(true);
    const map = await client.quality('x0');
    expect(map.values).toHaveLength(map.width * map.height);
    expect([map.width, map.height]).toEqual([8, 8]);
    // The map has the score of the case, because both come from the same network and labels.
    const scores = context.workspace.require().project.scores(detail.model ?? '');
    const scored = scores.find((score) => score.case === 'x0');
    expect(map.score).toBeCloseTo(scored?.caseScore ?? NaN, 4);
    const plain = await fetchBytes('/api/cases/x0/picture?size=64');
    const withProposal = await fetchBytes('/api/cases/x0/picture?size=64&proposal=true');
    expect(withProposal.subarray(0, 4)).toEqual(plain.subarray(0, 4));
    await expect(client.proposal('x0', 'spleen')).rejects.toMatchObject({ status: 404 });
  });

  it('is cancelled by its run’s id, and resumed', async () => {
    const started = await client.train({
      size: 32,
      backend: 'wasm',
      fresh: true,
      training: { epochs: 400, batch: 4, width: 4, levels: 2, qamWidths: [4, 4], warmUp: 1 },
    });
    const running = async (): Promise<string> => {
      for (;;) {
        const last = events.at(-1);
        if (last?.type === 'run' && last.message.type === 'epoch') return last.run;
        if (context.tasks.get(started.id)?.state !== 'running') throw new Error('it ended early');
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    const run = await running();
    await client.pauseRun(run);
    while (!events.some((event) => event.type === 'run' && event.message.type === 'paused')) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await client.continueRun(run);
    await client.cancelRun(run);
    expect((await ended(started)).state).toBe('cancelled');
    expect((await client.run(run)).status).toBe('cancelled');
    const resumed = await client.resumeRun(run);
    await client.cancelTask(resumed.id);
    expect((await ended(resumed)).state).toBe('cancelled');
    // The cancelled run does not rank the cases; an earlier run still does.
    expect((await client.cases()).model).not.toBe(run);
  }, 120_000);
});

async function fetchBytes(path: string): Promise<Uint8Array> {
  const response = await createApp(context).fetch(new Request(`http://overread.test${path}`));
  expect(response.status).toBe(200);
  return new Uint8Array(await response.arrayBuffer());
}

describe('exports and reports', () => {
  it('are offered in the dataset’s own format and in each format that takes other datasets', async () => {
    const { formats } = await client.exportFormats();
    expect(formats[0]).toMatchObject({ format: 'folders', own: true });
    expect(formats.filter(({ own }) => own)).toHaveLength(1);
    const names = formats.map(({ format }) => format);
    expect(names).toEqual(expect.arrayContaining(['coco', 'voc', 'dicom-seg', 'labelme']));
    // Datasets are exported to these formats only if they were imported from them.
    for (const back of ['jsrt', 'labelstudio', 'manifest', 'nnunet', 'dicom'])
      expect(names).not.toContain(back);
    // The losses can be foreseen for each format.
    for (const format of names)
      expect(await client.exportOutlook({ format })).toMatchObject({ format });
  });

  it('write the corrected dataset', async () => {
    const mask = new Uint8Array(SIDE * SIDE).fill(1, 0, 640);
    await client.addRevision('x1', 'heart', mask);
    const out = join(root, 'corrected');
    // VOC has one structure per pixel, so it may lose pixels where structures overlap; folders do not.
    const one = await client.exportOutlook({ format: 'voc' });
    expect(one).toMatchObject({ format: 'voc', corrected: 1, cases: CASES });
    expect(one.losses.every(({ pixels, area }) => pixels > 0 && area > 0)).toBe(true);
    expect(await client.exportOutlook()).toMatchObject({ corrected: 1, cases: CASES, losses: [] });
    const task = await ended(await client.exportDataset({ out }));
    expect(task).toMatchObject({ state: 'done', result: { corrected: 1, cases: CASES } });
    const again = await ended(await client.exportDataset({ out }));
    expect(again.state).toBe('failed');
    expect(again.error).toContain('not empty');
  });

  it('write the report, of which only the two files can be downloaded', async () => {
    const task = await ended(await client.report());
    expect(task.error).toBe(null);
    const page = await fetchBytes(`/api/reports/${task.id}/report.html`);
    expect(Buffer.from(page).toString('utf8')).toContain('<!doctype html>');
    const csv = await fetchBytes(`/api/reports/${task.id}/ranking.csv`);
    expect(Buffer.from(csv).toString('utf8').split('\n').length).toBeGreaterThan(CASES);
    const app = createApp(context);
    const other = await app.fetch(
      new Request(`http://overread.test/api/reports/${task.id}/project.db`),
    );
    expect(other.status).toBe(400);
  });
});
