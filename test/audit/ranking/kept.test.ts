import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { RankPer } from '../../../audit/contract/terms.ts';
import { projectRanking } from '../../../audit/ranking/kept.ts';
import { rankProject } from '../../../audit/ranking/rank.ts';
import { Labels } from '../../../audit/server/project/labels.ts';
import { Rankings } from '../../../audit/server/project/rankings.ts';
import { createProject } from '../../../audit/store/project.ts';
import type { ProjectWriter } from '../../../audit/store/types.ts';
import { scoreOf } from './scores.ts';

const IDS = ['a', 'b', 'c', 'd', 'e', 'f'];
const STRUCTURES = ['lung', 'heart'];
const mask = (on: number) => ({ width: 64, height: 64, data: new Uint8Array(4096).fill(1, 0, on) });

let folder: string;
let project: ProjectWriter;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'overread-kept-'));
  project = await createProject(path.join(folder, 'p.overread'), {
    name: 'p',
    structures: STRUCTURES.map((name) => ({ name, colour: '#56b4e9' })),
    origin: { format: 'folders', root: folder, options: {}, layout: null },
  });
  await project.addCases(
    IDS.map((id, i) => ({
      id,
      imageFile: path.join(folder, `${id}.png`),
      imageHash: 'cd'.repeat(32),
      image: { width: 64, height: 64, bits: 8 },
      split: null,
      annotator: null,
      labels: STRUCTURES.map((structure) => ({
        structure,
        mask: mask(100 + i),
        sourceFile: `${structure}.png`,
      })),
    })),
  );
});

afterEach(() => {
  project.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Adds a finished run with these scores of the cases; hearts score a little lower. @returns its id */
function run(learned: readonly number[]): string {
  const { id } = project.startRun({});
  project.saveScores(
    id,
    learned.flatMap((value, i) =>
      STRUCTURES.map((structure, s) =>
        scoreOf(IDS[i], structure, {
          learned: value - s / 10,
          caseScore: value,
          softmin: 0.5 + value / 100,
          disagreement: 0.2 - value / 100,
        }),
      ),
    ),
  );
  project.endRun(id, { status: 'done' });
  return id;
}

/** The rows of the cached ranking, with the fields that `asked` takes from `rankProject`. */
function told(per: RankPer): unknown[] {
  const labels = new Labels(project);
  const ranking = new Rankings(project, labels).get({ by: 'combined', per });
  if (!ranking) return [];
  const { cases, structures } = ranking.order;
  return Array.from(cases, (index, row) => ({
    case: labels.id(index),
    structure: per === 'case' ? null : STRUCTURES[structures[row]],
    ...ranking.at(row),
  }));
}
const asked = (per: RankPer): unknown[] =>
  rankProject(project, { per }).map(
    ({ case: id, structure, rank, score, number, percentile, previousRank }) => ({
      ...{ case: id, structure, rank, score, number, percentile, previousRank },
    }),
  );
const files = (): string[] => readdirSync(path.join(project.folder, 'cache', 'rankings'));
const kept = (model: string) =>
  projectRanking(project, project.labelTable(), { by: 'combined', model }).label.order;

describe('a cached ranking', () => {
  it('equals the ranking that the command line prints, by case and by label', () => {
    run([3, 1, 2, 5, 4, 6]);
    run([1, 3, 2, 4, 4, -9]);
    for (const per of ['case', 'label'] as const) {
      const first = told(per);
      expect(first).toEqual(asked(per));
      expect(files()).toHaveLength(1);
      expect(told(per)).toEqual(first);
    }
    expect(told('case')[0]).toMatchObject({ case: 'f', rank: 1, previousRank: 6 });
  });

  it('is read from its file until new scores are saved', () => {
    const model = run([3, 1, 2, 5, 4, 6]);
    const made = kept(model);
    const file = path.join(project.folder, 'cache', 'rankings', files()[0]);
    // Changes the first score in the file, to tell a ranking read from the file from one made anew.
    const bytes = readFileSync(file);
    const at = bytes.indexOf(Buffer.from(new Uint8Array(made.scores.buffer, 0, 8)));
    const other = Buffer.from(bytes);
    other.writeDoubleLE(-77, at < 0 ? bytes.length : at);
    writeFileSync(file, other);
    expect(kept(model).scores[0]).toBe(-77);
    project.saveScores(model, [
      scoreOf('a', 'lung', { learned: 99, caseScore: 99, softmin: 0.5, disagreement: 0.1 }),
    ]);
    expect(kept(model).scores[0]).not.toBe(-77);
  });

  it('is made anew if its file is cut off, empty or damaged', () => {
    const model = run([3, 1, 2, 5, 4, 6]);
    const whole = kept(model);
    const file = path.join(project.folder, 'cache', 'rankings', files()[0]);
    const bytes = readFileSync(file);
    for (const damaged of [
      bytes.subarray(0, -3),
      Buffer.alloc(0),
      Buffer.from('not a ranking'),
      Buffer.alloc(64, 0xff),
    ]) {
      writeFileSync(file, damaged);
      expect(kept(model)).toEqual(whole);
      expect(readFileSync(file)).toEqual(bytes);
    }
  });

  it('takes its scores from a cached file, unless the file is damaged', async () => {
    const model = run([3, 1, 2, 5, 4, 6]);
    const whole = kept(model);
    const [scores] = readdirSync(path.join(project.folder, 'cache', 'scores'));
    const file = path.join(project.folder, 'cache', 'scores', scores);
    const bytes = readFileSync(file);
    for (const damaged of [bytes.subarray(0, -9), Buffer.alloc(0), Buffer.alloc(64, 0xff)]) {
      writeFileSync(file, damaged);
      rmSync(path.join(project.folder, 'cache', 'rankings'), { recursive: true });
      expect(kept(model)).toEqual(whole);
      expect(readFileSync(file)).toEqual(bytes);
    }
    // Changes one score in the file. Removing a label then makes a new ranking, which must read its scores
    // from this file.
    const other = Buffer.from(bytes);
    const learned = Buffer.from(new Float64Array([3, 2.9, 1]).buffer);
    const at = bytes.indexOf(learned.subarray(8));
    expect(at).toBeGreaterThan(0);
    other.writeDoubleLE(-500, at);
    writeFileSync(file, other);
    await project.addRevision('f', 'lung', null, { author: 'x', reason: 'test' });
    const { label } = projectRanking(project, project.labelTable(), { by: 'learned', model });
    expect(label.order.scores[0]).toBe(-500);
    expect(label.length).toBe(IDS.length * 2 - 1);
  });

  it('leaves out a label that became absent, and has it again when it was redrawn', async () => {
    run([3, 1, 2, 5, 4, 6]);
    const before = told('label');
    await project.addRevision('b', 'lung', null, { author: 'x', reason: 'test' });
    const without = told('label') as { case: string; structure: string; rank: number }[];
    expect(without).toHaveLength(before.length - 1);
    expect(without.some((entry) => entry.case === 'b' && entry.structure === 'lung')).toBe(false);
    expect(without.map(({ rank }) => rank)).toEqual(without.map((_, i) => i + 1));
    expect(told('case')).toHaveLength(IDS.length);
    await project.addRevision('b', 'heart', null, { author: 'x', reason: 'test' });
    expect(told('case')).toHaveLength(IDS.length - 1);
    await project.addRevision('b', 'heart', mask(9), { author: 'x', reason: 'test' });
    await project.addRevision('b', 'lung', mask(9), { author: 'x', reason: 'test' });
    expect(told('label')).toEqual(before);
  });
});
