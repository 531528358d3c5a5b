import { existsSync, readFileSync, renameSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { RankEntry } from '../../../audit/contract/terms.ts';
import { HeldOut } from '../../../trainer/messages.ts';
import { writePhantomDataset } from '../../../audit/phantoms/dataset.ts';
import { openProjectForWriting } from '../../../audit/store/project.ts';
import { overread, removeFolder, temporaryFolder } from './overread.ts';

let folder = '';
let dataset = '';
let project = '';

beforeAll(async () => {
  folder = await temporaryFolder();
  // Commands must handle paths with spaces, quotes, and letters that are not Latin.
  dataset = join(folder, 'Röntgen "胸部" o’clock');
  project = join(folder, 'Пациенты 1.overread');
  await writePhantomDataset(dataset, { count: 8, size: 64, seed: 0, errorShare: 0.25 });
}, 120_000);
afterAll(() => removeFolder(folder));

const QUICK = ['--epochs', '2', '--warm-up', '1', '--size', '32', '--batch', '4'];

async function ranking(...options: string[]): Promise<RankEntry[]> {
  const { out } = await overread('rank', project, '--format', 'json', ...options);
  return z.array(RankEntry).parse(JSON.parse(out));
}

describe('the whole workflow on the command line', { timeout: 300_000 }, () => {
  it('creates a project from a dataset', async () => {
    const { code, out } = await overread('create', project, '--from', dataset);
    expect(out).toContain('8 cases with 24 labels');
    expect(code).toBe(0);
  });

  it('trains, and prints the networks and the backend, then one line per epoch', async () => {
    const { code, out, err } = await overread('train', project, ...QUICK, '--backend', 'wasm');
    expect(err).toContain('is done');
    expect(code).toBe(0);
    const [first, ...epochs] = out.trim().split('\n');
    expect(first).toMatch(/^Segmenter [\d,]+ parameters, QAM [\d,]+; wasm on .+; 8 cases/);
    expect(epochs).toHaveLength(2);
    expect(epochs[0]).toMatch(/^Epoch 1\/2 {2}warm-up {2}loss \d/);
    expect(epochs[1]).toMatch(/^Epoch 2\/2 {2}joint {2}loss \d/);
  });

  it('trains two pairs of networks, which judge every label together', async () => {
    const pairs = join(folder, 'pairs.overread');
    expect((await overread('create', pairs, '--from', dataset)).code).toBe(0);
    const options = [...QUICK, '--backend', 'wasm', '--validation', '0.4', '--pairs', '2'];
    const { code, out, err } = await overread('train', pairs, ...options);
    expect(err).toContain('Two pairs of networks are trained');
    expect(code).toBe(0);
    expect(out).toMatch(/^Pair 1 of 2: Segmenter .*\n(.*\n)*Pair 2 of 2: Epoch 2\/2/m);
    const project = await openProjectForWriting(pairs, { purpose: 'test' });
    const run = project.lastRun()!;
    const scores = project.scores(run.id);
    const runFolder = project.runFolder(run.id);
    project.close();
    const heldOut = ['', 'pair-2'].map(
      (name) =>
        HeldOut.parse(JSON.parse(readFileSync(join(runFolder, name, 'held-out.json'), 'utf8')))
          .cases,
    );
    expect(heldOut.map((ids) => ids.length)).toEqual([3, 3]);
    expect(new Set(heldOut.flat()).size).toBe(6);
    expect(scores).toHaveLength(24);
    for (const { case: id, pairs: judges, learned } of scores) {
      // Of a case that one pair held out, the other alone judges.
      if (heldOut.flat().includes(id)) expect(judges).toBe(undefined);
      else {
        expect(judges).toHaveLength(2);
        expect(learned).toBeCloseTo((judges![0].learned + judges![1].learned) / 2, 9);
      }
    }
    const part = join(folder, 'part.jsonl');
    const shard = await overread('score', pairs, '--shard', '1/1', '--out', part);
    expect(shard.code).toBe(0);
    expect((await overread('score', pairs, '--merge', part)).code).toBe(0);
    const merged = await openProjectForWriting(pairs, { purpose: 'test' });
    expect(merged.scores(run.id)).toEqual(scores);
    merged.close();
  });

  it('ranks cases and labels, as JSON, CSV and a table', async () => {
    const cases = await ranking();
    expect(cases.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(cases.every(({ previousRank, structure }) => !previousRank && !structure)).toBe(true);
    const scores = cases.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => a - b));
    expect(await ranking('--per', 'label', '--by', 'softmin', '--top', '5')).toHaveLength(5);
    const csv = await overread('rank', project, '--format', 'csv');
    expect(csv.out.trim().split('\n')).toHaveLength(9);
    const table = await overread('rank', project, '--top', '3');
    const lines = table.out.trim().split('\n');
    expect(lines).toHaveLength(5);
    const left = await overread('left', project);
    expect(lines[4].toLowerCase()).toBe(`${left.out.trim().toLowerCase()}`);
    const both = await overread('rank', project, '--json', '--left');
    const alone = await overread('left', project, '--json');
    expect(JSON.parse(both.out)).toMatchObject({
      left: JSON.parse(alone.out) as object,
      ranking: cases,
    });
    expect((await overread('rank', project, '--left')).code).toBe(2);
    expect(lines[4]).toMatch(/estimated after 10 verdicts on ranked labels; there are 0 so far\.$/);
  });

  it('compares the ranking with the planted errors', async () => {
    const { code, out } = await overread('evaluate', project, '--truth', dataset, '--json');
    expect(code).toBe(0);
    const rows = JSON.parse(out) as { per: string; by: string; errors: number; auroc: number }[];
    expect(rows).toHaveLength(8);
    const learned = rows.find(({ per, by }) => per === 'case' && by === 'learned');
    expect(learned?.errors).toBe(2);
    expect(learned?.auroc).toBeGreaterThanOrEqual(0);
  });

  it('stores verdicts and replaced masks, and lists their history', async () => {
    const structures = await readdir(join(dataset, 'truth'));
    const [file] = await readdir(join(dataset, 'truth', structures[0]));
    const id = file.replace('.png', '');
    for (const structure of structures) {
      const mask = join(dataset, 'truth', structure, file);
      const { code } = await overread(
        'replace',
        project,
        id,
        '--structure',
        structure,
        '--mask',
        mask,
      );
      expect(code).toBe(0);
    }
    const other = 'phantom-00001' === id ? 'phantom-00002' : 'phantom-00001';
    const given = await overread('verdict', project, other, 'excluded', '--comment', 'a, "b"');
    expect(given.out).toContain('lung excluded (“a, "b"”)');
    const undone = await overread('verdict', project, other, 'undo');
    expect(undone.out).toContain('lung no verdict');
    await overread('verdict', project, other, 'excluded', '--structure', 'heart');

    const { out } = await overread('history', project, id, '--json');
    const revisions = JSON.parse(out) as { number: number; author: string; reason: string }[];
    const corrected = revisions.filter(({ number }) => number === 2);
    expect(corrected.length).toBeGreaterThan(0);
    expect(corrected[0]).toMatchObject({ author: 'Ann Author', reason: 'replace' });
  });

  it('trains again from the last weights on the corrected labels, and keeps the old ranks', async () => {
    // A training as short as this collapses, and no training starts from its weights: takes the word back.
    const writer = await openProjectForWriting(project, { purpose: 'the test' });
    const first = writer.lastRun();
    writer.endRun(first?.id ?? '', {
      status: 'done',
      summary: { ...(first?.summary as object), collapse: null },
    });
    writer.close();
    const { code, err, out } = await overread('train', project, ...QUICK, '--backend', 'wasm');
    expect(code).toBe(0);
    expect(err).toContain('Labels were corrected');
    // By default, a training from trained weights has no warm-up. This one has, because `QUICK` asks for it.
    expect(out).toContain('Epoch 2/2');
    // The second training collapses, too, so it ranks only if it is asked for.
    const second = /Run (\S+) is done/.exec(err)?.[1] ?? '';
    const rows = await ranking('--model', second);
    const before = new Set(rows.map(({ previousRank }) => previousRank));
    expect([...before].sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it('exports the corrected dataset and the report', async () => {
    const out = join(folder, 'corrected');
    const dry = await overread('export', project, '--dry-run', '--json');
    expect(JSON.parse(dry.out)).toMatchObject({ format: 'folders', cases: 8, losses: [] });
    expect(await overread('export', project)).toMatchObject({ code: 2, out: '' });
    const exported = await overread('export', project, out, '--json');
    expect(exported.code).toBe(0);
    expect(await readdir(join(out, 'images'))).toHaveLength(8);
    // One of the 8 heart labels is excluded.
    expect(await readdir(join(out, 'heart'))).toHaveLength(7);
    const report = join(folder, 'report');
    expect((await overread('export', project, report, '--format', 'report')).code).toBe(0);
    expect(readFileSync(join(report, 'report.html'), 'utf8')).toContain('<html');
    expect(existsSync(join(report, 'ranking.csv'))).toBe(true);
    const inside = join(dataset, 'images', 'report');
    const refused = await overread('report', project, inside);
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toContain('would lie inside the dataset');
    expect(existsSync(inside)).toBe(false);
  });

  it('relinks a dataset that was moved, and refuses a folder without its images', async () => {
    const moved = `${dataset} moved`;
    renameSync(dataset, moved);
    const lost = await overread('verify', project);
    expect(lost.code).toBe(1);
    expect(lost.out).toContain('overread relink');
    const wrong = await overread('relink', project, folder);
    expect(wrong.code).toBe(1);
    expect(wrong.err).toContain('does not hold the images of this project');
    expect((await overread('relink', project, moved)).out).toContain(moved);
    expect((await overread('verify', project)).code).toBe(0);
  });

  it('scores with an exported model in parts, and merges them', async () => {
    const runs = await readdir(join(project, 'runs'));
    const model = join(project, 'runs', runs[0], 'qam.onnx');
    const parts = [1, 2].map((part) => join(folder, `part ${part}.jsonl`));
    for (const [index, out] of parts.entries()) {
      const shard = `${index + 1}/2`;
      const scored = await overread(
        'score',
        project,
        '--model',
        model,
        '--shard',
        shard,
        '--out',
        out,
      );
      expect(scored.code).toBe(0);
    }
    expect((await overread('score', project, '--merge', ...parts)).code).toBe(0);
    const whole = await overread('score', project, '--model', model, '--json');
    const { labels, model: name } = JSON.parse(whole.out) as { labels: number; model: string };
    expect(labels).toBe(24);
    expect(await ranking('--model', name)).toHaveLength(8);
  });

  it('leaves an intact project at the end', async () => {
    const { code, out } = await overread('verify', project);
    expect(out).toBe('The project is intact.\n');
    expect(code).toBe(0);
  });
});
