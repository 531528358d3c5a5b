import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { projectRanking } from '../../../audit/ranking/kept.ts';
import {
  isChosen,
  lastSoundRun,
  modelJudgement,
  previousModel,
  rankingModel,
} from '../../../audit/ranking/model.ts';
import { rankProject } from '../../../audit/ranking/rank.ts';
import { createProject } from '../../../audit/store/project.ts';
import type { ProjectWriter } from '../../../audit/store/types.ts';
import { scoreOf } from './scores.ts';

const IDS = ['a', 'b', 'c'];
const STRUCTURES = ['lung', 'mass'];

let folder: string;
let project: ProjectWriter;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'overread-model-'));
  project = await createProject(path.join(folder, 'p.overread'), {
    name: 'p',
    structures: STRUCTURES.map((name) => ({ name, colour: '#56b4e9' })),
    origin: { format: 'folders', root: folder, options: {}, layout: null },
  });
  await project.addCases(
    IDS.map((id) => ({
      id,
      imageFile: path.join(folder, `${id}.png`),
      imageHash: 'cd'.repeat(32),
      image: { width: 16, height: 16, bits: 8 },
      split: null,
      annotator: null,
      labels: STRUCTURES.map((structure) => ({
        structure,
        mask: { width: 16, height: 16, data: new Uint8Array(256).fill(1, 0, 40) },
        sourceFile: `${structure}.png`,
      })),
    })),
  );
});

afterEach(() => {
  project.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The summary of a run, as a training writes it at its end. */
function summaryOf({ collapsed = false, unlearned = [] as string[] } = {}): unknown {
  return {
    backend: 'wasm',
    device: 'a processor',
    epochs: 3,
    seconds: 1,
    learned: STRUCTURES.map((structure) => ({
      structure,
      learned: !unlearned.includes(structure),
      drawn: 30,
      dice: 0.5,
      heldOut: true,
      why: unlearned.includes(structure) ? `the segmenter does not find the ${structure}` : null,
    })),
    collapse: {
      collapsed,
      message: collapsed ? 'This training collapsed.' : 'No sign.',
      signs: {},
    },
  };
}

function begin(learned: readonly number[] = [1, 2, 3]): string {
  const { id } = project.startRun({});
  project.saveScores(
    id,
    IDS.flatMap((name, i) =>
      STRUCTURES.map((structure) =>
        scoreOf(name, structure, { learned: learned[i], caseScore: learned[i] }),
      ),
    ),
  );
  return id;
}

/** Adds a finished run with scores. @returns its id */
function run(summary: unknown, learned?: readonly number[]): string {
  const id = begin(learned);
  project.endRun(id, { status: 'done', summary });
  return id;
}

describe('the model that ranks', () => {
  it('is the newest sound run: one that collapsed does not take over', () => {
    const first = run(summaryOf());
    expect(rankingModel(project)).toBe(first);
    const collapsed = run(summaryOf({ collapsed: true }));
    expect(rankingModel(project)).toBe(first);
    expect(rankingModel(project, collapsed)).toBe(collapsed);
    const third = run(summaryOf());
    expect(rankingModel(project)).toBe(third);
  });

  it('is the run that a person chose, until a later training ends that does not collapse', async () => {
    const sound = run(summaryOf());
    const collapsed = run(summaryOf({ collapsed: true }));
    project.chooseRun(collapsed, { author: 'Ada' });
    expect(rankingModel(project)).toBe(collapsed);
    expect(isChosen(project, collapsed)).toBe(true);
    expect(project.auditLog().at(-1)).toMatchObject({
      author: 'Ada',
      action: 'choose run',
      detail: { run: collapsed },
    });
    // A run ends at a later millisecond.
    await new Promise((resolve) => setTimeout(resolve, 2));
    run(summaryOf({ collapsed: true }));
    expect(rankingModel(project)).toBe(collapsed);
    const later = run(summaryOf());
    expect(rankingModel(project)).toBe(later);
    expect(isChosen(project, later)).toBe(false);
    project.chooseRun(sound, { author: 'Ada' });
    expect(rankingModel(project)).toBe(sound);
    project.chooseRun(null, { author: 'Ada' });
    expect(rankingModel(project)).toBe(later);
    expect(() => project.chooseRun('no run', { author: 'Ada' })).toThrow('no run');
  });

  it('gives its weights to the next training only if it did not collapse', () => {
    expect(lastSoundRun(project)).toBeNull();
    const sound = run(summaryOf());
    run(summaryOf({ collapsed: true }));
    expect(lastSoundRun(project)?.id).toBe(sound);
  });

  it('is a collapsed run where there is no other', () => {
    run(summaryOf({ collapsed: true }));
    const newest = run(summaryOf({ collapsed: true }));
    expect(rankingModel(project)).toBe(newest);
    expect(modelJudgement(project, newest).collapse).toBe('This training collapsed.');
  });

  it('may be a run of folds: it collapsed if one fold did', () => {
    const sound = run({ folds: [summaryOf(), summaryOf()] });
    run({ folds: [summaryOf(), null, summaryOf({ collapsed: true })] });
    expect(rankingModel(project)).toBe(sound);
  });

  it('is compared with the sound run before it', () => {
    const first = run(summaryOf());
    const second = run(summaryOf({ collapsed: true }));
    const third = run(summaryOf());
    expect(previousModel(project, third)).toBe(first);
    expect(previousModel(project, second)).toBe(first);
    expect(previousModel(project, first)).toBeNull();
    expect(previousModel(project, 'a foreign model')).toBeNull();
  });

  it('gives the ranks that the last sound run gave, not those of the collapse', () => {
    run(summaryOf(), [1, 2, 3]);
    run(summaryOf({ collapsed: true }), [2, 1, 3]);
    run(summaryOf(), [3, 2, 1]);
    const ranking = rankProject(project, { by: 'learned' });
    expect(ranking.map((entry) => [entry.case, entry.previousRank])).toEqual([
      ['c', 3],
      ['b', 2],
      ['a', 1],
    ]);
  });
});

describe('the labels of a structure that was not learned', () => {
  const label = { by: 'learned', per: 'label' } as const;

  it('are not ranked, and the reason is told', () => {
    const model = run(summaryOf({ unlearned: ['mass'] }));
    expect(rankProject(project, label).map(({ structure }) => structure)).toEqual([
      ...['lung', 'lung', 'lung'],
    ]);
    expect([...modelJudgement(project, model).unlearned]).toEqual([
      ['mass', 'the segmenter does not find the mass'],
    ]);
    expect(rankProject(project, { by: 'combined', per: 'case' })).toHaveLength(3);
  });

  it('do not move the score of their case', () => {
    const rank = (unlearned: string[]): number => {
      const { id } = project.startRun({});
      project.saveScores(id, [
        scoreOf('a', 'lung', { disagreement: 0.1 }),
        scoreOf('a', 'mass', { disagreement: 0.9 }),
      ]);
      project.endRun(id, { status: 'done', summary: summaryOf({ unlearned }) });
      return rankProject(project, { by: 'combined' })[0].score;
    };
    expect(rank(['mass'])).toBeCloseTo(0.9, 6);
    expect(rank([])).toBeCloseTo(1 - Math.sqrt((0.01 + 0.81) / 2), 6);
  });

  it('are ranked again by a run that has learned it, without a rank before', () => {
    run(summaryOf({ unlearned: ['mass'] }));
    run(summaryOf());
    const ranking = rankProject(project, label);
    expect(ranking).toHaveLength(6);
    for (const { structure, previousRank } of ranking) {
      expect(previousRank === null).toBe(structure === 'mass');
    }
  });

  it('leave nothing to rank where nothing was learned', () => {
    run(summaryOf({ unlearned: STRUCTURES }));
    for (const per of ['label', 'case'] as const) {
      expect(rankProject(project, { by: 'combined', per })).toEqual([]);
    }
  });

  it('leave a ranking that was kept before the training had ended', () => {
    const model = begin();
    const lengthOf = (): number =>
      projectRanking(project, project.labelTable(), { by: 'combined', model }).label.length;
    expect(lengthOf()).toBe(6);
    project.endRun(model, { status: 'done', summary: summaryOf({ unlearned: ['mass'] }) });
    expect(lengthOf()).toBe(3);
  });

  it('are those of no structure for a foreign model, and for a run of an earlier version', () => {
    const old = run({ backend: 'wasm', device: '', epochs: 3, seconds: 1 });
    for (const model of [old, 'foreign']) {
      expect(modelJudgement(project, model)).toEqual({ collapse: null, unlearned: new Map() });
    }
    expect(rankProject(project, label)).toHaveLength(6);
  });
});
