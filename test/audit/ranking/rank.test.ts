import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { rankProject } from '../../../audit/ranking/rank.ts';
import { RankEntry } from '../../../audit/contract/terms.ts';
import { evaluateProject } from '../../../audit/ranking/evaluate.ts';
import { createProject } from '../../../audit/store/project.ts';
import type { ProjectWriter } from '../../../audit/store/types.ts';
import { scoreOf } from './scores.ts';

let folder: string;
let project: ProjectWriter;
const IDS = ['a', 'b', 'c', 'd', 'e'];

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'overread-rank-'));
  project = await createProject(path.join(folder, 'p.overread'), {
    name: 'p',
    structures: [
      { name: 'lung', colour: '#5db2ff' },
      { name: 'heart', colour: '#ff7aa8' },
    ],
    origin: { format: 'folders', root: folder, options: {}, layout: null },
  });
  const mask = (on: number) => ({
    width: 64,
    height: 64,
    data: new Uint8Array(64 * 64).fill(1, 0, on),
  });
  await project.addCases(
    IDS.map((id, i) => ({
      id,
      imageFile: path.join(folder, `${id}.png`),
      imageHash: 'cd'.repeat(32),
      image: { width: 64, height: 64, bits: 8 },
      split: i % 2 === 0 ? 'train' : 'test',
      annotator: i < 2 ? 'Ada' : null,
      patient: id === 'c' ? 'Doe' : null,
      labels: [
        { structure: 'lung', mask: mask(100 + i), sourceFile: 'lung.png' },
        // Nobody drew the heart of e.
        ...(id === 'e' ? [] : [{ structure: 'heart', mask: mask(50), sourceFile: 'heart.png' }]),
      ],
    })),
  );
});

afterEach(() => {
  project.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Adds a finished run with these learned scores by case, the same for lung and heart. @returns its id */
function run(learned: number[]): string {
  const { id } = project.startRun({});
  project.saveScores(
    id,
    IDS.flatMap((name, i) =>
      ['lung', 'heart'].map((structure) =>
        scoreOf(name, structure, {
          learned: learned[i],
          caseScore: learned[i],
          area: structure === 'lung' ? [0.2, 0.21, 0.19, 0.2, 0.05][i] : 0.1,
          boundary: -3,
          boundaryOff: 0.5,
        }),
      ),
    ),
  );
  project.endRun(id, { status: 'done' });
  return id;
}

describe('rankProject', () => {
  it('filters by columns of the dataset, and the cases that are left keep their ranks', () => {
    run([1, 2, 3, 4, 5]);
    const all = rankProject(project, { by: 'learned' });
    expect(all.map((entry) => entry.case)).toEqual(IDS);
    const only = (asked: Parameters<typeof rankProject>[1]) =>
      rankProject(project, { by: 'learned', ...asked });
    expect(only({ only: { split: 'test' } })).toEqual([all[1], all[3]]);
    expect(only({ only: { annotator: 'Ada' } })).toEqual([all[0], all[1]]);
    expect(only({ only: { annotator: '', split: 'test' } })).toEqual([all[3]]);
    expect(only({ only: { patient: 'Doe' } })).toEqual([all[2]]);
    expect(() => only({ only: { split: 'tset' } })).toThrow(
      'No case has the split "tset": there are train, test.',
    );
    expect(() => only({ only: { patient: 'Do' } })).toThrow(
      'No case has the patient "Do": check how it is written.',
    );
  });

  it('refuses a project without scores, and a model that scored nothing', () => {
    expect(() => rankProject(project)).toThrow(/has no scores yet/);
    run([1, 2, 3, 4, 5]);
    expect(() => rankProject(project, { model: 'x' })).toThrow(/no scores of x: choose one of/);
  });

  it('ranks cases worst first, with the rank of the run before', () => {
    run([1, 2, 3, 4, 5]);
    run([5, 4, 3, 2, 1]);
    const ranking = rankProject(project, { by: 'learned' });
    ranking.forEach((entry) => RankEntry.parse(entry));
    expect(ranking.map(({ rank, case: id, previousRank }) => [rank, id, previousRank])).toEqual([
      [1, 'e', 5],
      [2, 'd', 4],
      [3, 'c', 3],
      [4, 'b', 2],
      [5, 'a', 1],
    ]);
    expect(ranking.map((entry) => entry.percentile)).toEqual([0, 0.2, 0.4, 0.6, 0.8]);
    expect(ranking[1].reasons.map((reason) => reason.structure)).toEqual(['lung', 'heart']);
  });

  it('has no previous rank after the first run', () => {
    run([1, 2, 3, 4, 5]);
    expect(rankProject(project).every((entry) => entry.previousRank === null)).toBe(true);
  });

  it('ranks only labels that are not absent, and also those that are excluded', () => {
    run([1, 2, 3, 4, 5]);
    project.setVerdict('b', 'lung', 'excluded', { author: 'x' });
    const ranking = rankProject(project, { by: 'learned', per: 'label' });
    expect(ranking).toHaveLength(9);
    expect(ranking.some((one) => one.case === 'e' && one.structure === 'heart')).toBe(false);
    expect(ranking.find((one) => one.case === 'b' && one.structure === 'lung')?.verdict).toBe(
      'excluded',
    );
    expect(ranking.slice(0, 2).map((one) => one.structure)).toEqual(['heart', 'lung']);
  });

  it('drops a label once it is made absent', async () => {
    run([1, 2, 3, 4, 5]);
    await project.addRevision('a', 'lung', null, { author: 'x', reason: 'replace' });
    const ranking = rankProject(project, { by: 'learned', per: 'label' });
    expect(ranking.filter((one) => one.case === 'a').map((one) => one.structure)).toEqual([
      'heart',
    ]);
  });

  it('gives the reasons in pixels of the label, and the area relative to the other cases', () => {
    run([1, 2, 3, 4, 5]);
    const ranking = rankProject(project, { by: 'learned', per: 'label' });
    const [reason] = ranking.find((one) => one.case === 'e')!.reasons;
    // The scores measure −3 px at 256²; the image has 64², so this is −3 / 4 px of the image.
    expect(reason.boundary).toBe(-0.75);
    // The areas are .2 .21 .19 .2 .05, with the median .2. The deviations from it are 0 .01 .01 0 .15,
    // with the median .01.
    expect(reason.areaRatio).toBeCloseTo(0.25, 9);
    expect(reason.areaZ).toBeCloseTo(-0.15 / 0.014826, 6);
  });

  it('ranks by the newest finished run, or by the model asked for', () => {
    const first = run([1, 2, 3, 4, 5]);
    run([5, 4, 3, 2, 1]);
    project.startRun({});
    expect(rankProject(project, { by: 'learned' })[0].case).toBe('e');
    expect(rankProject(project, { by: 'learned', model: first })[0].case).toBe('a');
  });
});

describe('evaluateProject', () => {
  it('counts a case as an error if any of its labels is one', () => {
    run([1, 2, 3, 4, 5]);
    const figures = evaluateProject(project, (id, structure) => {
      const error = (id === 'a' && structure === 'heart') || (id === 'c' && structure === 'lung');
      return { error, dice: error ? 0.5 : 1 };
    });
    const learned = figures.find((one) => one.by === 'learned' && one.per === 'case');
    // The order is a b c d e, and the errors are a and c: of six pairs only b before c is wrong.
    expect(learned).toMatchObject({ count: 5, errors: 2, auroc: 5 / 6 });
    expect(learned?.auprc).toBeCloseTo((1 + 2 / 3) / 2, 12);
    expect(learned?.lift.map((one) => one.lift)).toEqual([2.5, 2.5, 2.5]);
    expect(figures).toHaveLength(8);
    expect(figures.find((one) => one.by === 'learned' && one.per === 'label')).toMatchObject({
      count: 9,
      errors: 2,
    });
  });

  it('leaves out cases that the truth does not name', () => {
    run([1, 2, 3, 4, 5]);
    const figures = evaluateProject(project, (id) =>
      id === 'e' ? null : { error: id === 'a', dice: 1 },
    );
    expect(figures[0].count).toBe(4);
  });

  it('evaluates the order that is shown, even if the truth names only a few labels', () => {
    const { id } = project.startRun({});
    // By softmin `a` is worst, by the other two measures `c`. Which of them the combined rank puts first
    // depends on the values of all five labels, not only of the three that the truth names.
    const said = [
      [2, 0.3, 0.1],
      [3, 0.2, 0.9],
      [1, 0.35, 0.8],
      [9, 0.01, 0.99],
      [8, 0.02, 0.98],
    ];
    project.saveScores(
      id,
      said.map(([learned, disagreement, softmin], i) =>
        scoreOf(IDS[i], 'lung', { learned, caseScore: learned, disagreement, softmin }),
      ),
    );
    project.endRun(id, { status: 'done' });
    const known = new Set(['a', 'b', 'c']);
    const shown = rankProject(project, { per: 'label' }).filter((entry) => known.has(entry.case));
    for (const wrong of known) {
      const truth = (name: string) =>
        known.has(name) ? { error: name === wrong, dice: name === wrong ? 0.5 : 1 } : null;
      const combined = evaluateProject(project, truth).find(
        ({ by, per }) => by === 'combined' && per === 'label',
      );
      // With one error among three labels, the AUROC is the share of the other two that rank behind it.
      const place = shown.findIndex((entry) => entry.case === wrong);
      expect(combined?.auroc, wrong).toBe((2 - place) / 2);
    }
  });

  it('is refused if the truth names no scored label', () => {
    run([1, 2, 3, 4, 5]);
    expect(() => evaluateProject(project, () => null)).toThrow(/names no scored label/);
  });
});
