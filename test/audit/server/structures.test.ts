/** Structures are added, renamed, recoloured, removed and restored in an open project. */
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createClient } from '../../../audit/contract/client.ts';
import type { Client } from '../../../audit/contract/client.ts';
import { exportDataset } from '../../../audit/datasets/export/export.ts';
import { foreseeExport } from '../../../audit/datasets/export/losses.ts';
import { openDataset } from '../../../audit/datasets/registry.ts';
import { modelJudgement } from '../../../audit/ranking/model.ts';
import type { ProjectReader } from '../../../audit/store/types.ts';
import { foldersDataset, inProject, temporaryFolder } from '../datasets/fixtures.ts';
import { HEIGHT, WIDTH, openFixture } from './project.ts';
import type { Fixture } from './project.ts';

const COUNT = 4;
const COLOUR = '#123456';
let server: Fixture;
let client: Client;

beforeEach(async () => {
  server = await openFixture(COUNT);
  client = createClient(
    async (address, init) => server.app.fetch(new Request(address, init)),
    'http://overread.test',
  );
});
afterEach(() => server.close());

const current = (): ProjectReader => {
  const opened = server.context.workspace.current;
  if (opened === null) throw new Error('no project is open');
  return opened.project;
};
const names = async (): Promise<string[]> =>
  (await client.project()).structures.map(({ name }) => name);
const problems = async (): Promise<string[]> =>
  (await current().verify({ images: false })).map(({ message }) => message);

describe('a structure of an open project', () => {
  it('is added, and its labels are absent until they are drawn', async () => {
    await client.changeStructure({ change: 'add', name: 'clavicle', colour: COLOUR });
    expect(await names()).toEqual(['lung', 'heart', 'clavicle']);
    const { case: summary } = await client.case('case 1');
    expect(summary.labels.at(-1)).toMatchObject({ structure: 'clavicle', state: 'absent' });
    await client.addRevision('case 1', 'clavicle', new Uint8Array(WIDTH * HEIGHT).fill(1));
    expect((await client.case('case 1')).case.labels.at(-1)).toMatchObject({ state: 'drawn' });
    expect(await problems()).toEqual([]);
    // A network that was trained before does not know it, and the window says so.
    const writer = await server.context.workspace.require().writer();
    const run = writer.startRun({ structures: ['lung', 'heart'] });
    const { unlearned } = modelJudgement(writer, run.id);
    expect([...unlearned]).toEqual([['clavicle', 'it came after the training']]);
  });

  it('is renamed with its labels, scores, verdicts and their undo', async () => {
    await client.judge([{ case: 'case 1', structure: 'heart' }], 'excluded');
    const before = (await client.ranking({ per: 'label' })).entries;
    await client.changeStructure({ change: 'rename', name: 'heart', to: 'cardiac shadow' });
    const after = (await client.ranking({ per: 'label' })).entries;
    expect(after.map(({ structure }) => structure)).toEqual(
      before.map(({ structure }) => (structure === 'heart' ? 'cardiac shadow' : structure)),
    );
    expect(after.map(({ score }) => score)).toEqual(before.map(({ score }) => score));
    expect(await problems()).toEqual([]);
    await client.undoVerdict();
    const { labels } = (await client.case('case 1')).case;
    expect(labels[1]).toMatchObject({ structure: 'cardiac shadow', verdict: null });
    await client.changeStructure({ change: 'rename', name: 'cardiac shadow', to: 'heart' });
    expect(await names()).toEqual(['lung', 'heart']);
    expect(await problems()).toEqual([]);
  });

  it('is removed without losing a label, and restored as it was', async () => {
    await client.judge([{ case: 'case 2', structure: 'lung' }], 'accepted');
    const before = await client.case('case 2');
    const { structures } = await client.structures();
    expect(structures[0]).toMatchObject({ name: 'lung', labels: COUNT, worked: 1, removed: false });
    await client.changeStructure({ change: 'remove', name: 'lung' });
    expect(await names()).toEqual(['heart']);
    expect((await client.project()).labels).toBe(COUNT - 1);
    const { entries } = await client.cases({ per: 'label' });
    expect(new Set(entries.map(({ structure }) => structure))).toEqual(new Set(['heart']));
    expect((await client.ranking({ per: 'case' })).entries.length).toBeGreaterThan(0);
    expect((await client.insights({})).cases.total).toBe(COUNT);
    await expect(client.mask('case 2', 'lung')).rejects.toThrow(/has no such label/);
    expect(await problems()).toEqual([]);
    await client.changeStructure({ change: 'restore', name: 'lung' });
    expect((await client.case('case 2')).case).toEqual(before.case);
    expect(await problems()).toEqual([]);
  });

  it('is recoloured, and each change is one row of the audit log', async () => {
    const last = current().lastAudit;
    await client.changeStructure({ change: 'recolour', name: 'lung', colour: COLOUR });
    await client.changeStructure({ change: 'recolour', name: 'lung', colour: COLOUR });
    expect((await client.project()).structures[0]).toEqual({ name: 'lung', colour: COLOUR });
    const { rows } = await client.auditLog({ after: last });
    expect(rows.map(({ action, detail }) => [action, detail])).toEqual([
      ['structure', { change: 'recolour', name: 'lung', colour: COLOUR, labels: COUNT }],
    ]);
    expect(await problems()).toEqual([]);
  });

  it('keeps its name, also a former one, for itself', async () => {
    const add = (name: string) => client.changeStructure({ change: 'add', name, colour: COLOUR });
    await expect(add('Lung')).rejects.toThrow('There is a structure “lung” already');
    await expect(add('a/b')).rejects.toThrow(/up to 64 letters/);
    await client.changeStructure({ change: 'rename', name: 'heart', to: 'cor' });
    await expect(add('heart')).rejects.toThrow('“heart” was the name of “cor”');
    await client.changeStructure({ change: 'remove', name: 'cor' });
    await expect(add('cor')).rejects.toThrow('“cor” was removed: restore it');
    const last = { change: 'remove', name: 'lung' } as const;
    await expect(client.changeStructure(last)).rejects.toThrow('“lung” is the only structure');
    const gone = { change: 'remove', name: 'spine' } as const;
    await expect(client.changeStructure(gone)).rejects.toThrow('no structure “spine”');
    expect(await problems()).toEqual([]);
  });
});

describe('the export after a change of the structures', () => {
  const by = { author: 'Ada' };
  const files = async (out: string): Promise<string[]> =>
    (await readdir(out)).filter((name) => !name.endsWith('.json')).sort();

  it('has folders with the new names, and leaves removed structures out with a notice', async () => {
    const root = join(await temporaryFolder(), 'data');
    const [id] = await foldersDataset(root, 2);
    await inProject(root, async (project, out) => {
      project.changeStructure({ change: 'rename', name: 'lung', to: 'lungs' }, by);
      project.changeStructure({ change: 'remove', name: 'heart' }, by);
      project.changeStructure({ change: 'add', name: 'spine', colour: COLOUR }, by);
      const data = new Uint8Array(24 * 16).fill(1, 30, 40);
      const mask = { width: 24, height: 16, data };
      await project.addRevision(id, 'spine', mask, { ...by, reason: 'stroke' });
      expect((await foreseeExport(project)).losses).toEqual([]);
      const { notices } = await exportDataset(project, out);
      expect(notices.map(({ file, reason }) => `${file} ${reason}`)).toEqual([
        'heart is a removed structure: 2 labels of it stay in the project.',
      ]);
      expect(await files(out)).toEqual(['images', 'lungs', 'spine']);
      expect(await readdir(join(out, 'lungs'))).toHaveLength(2);
      const again = await openDataset(out);
      expect(again.structures.map(({ name }) => name)).toEqual(['lungs', 'spine']);
      // The structures' own names: the dataset's layout holds again.
      project.changeStructure({ change: 'rename', name: 'lungs', to: 'lung' }, by);
      await exportDataset(project, `${out}-2`);
      expect(await files(`${out}-2`)).toEqual(['images', 'lung', 'spine']);
    });
  });

  it('is written anew where the format’s own files name the structures', async () => {
    const root = join(await temporaryFolder(), 'data');
    await foldersDataset(root, 2);
    await writeFile(join(root, 'legend.json'), '{"255": "lung"}');
    const options = { images: join(root, 'images'), masks: join(root, 'lung') };
    const listing = await openDataset(root, options);
    await inProject(
      root,
      async (project, out) => {
        project.changeStructure({ change: 'rename', name: 'lung', to: 'lungs' }, by);
        await exportDataset(project, out);
        expect(await files(out)).toEqual(['images', 'lungs']);
      },
      listing,
    );
  });
});
