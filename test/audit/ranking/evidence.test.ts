import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { leftOfProject } from '../../../audit/ranking/evidence.ts';
import { createProject } from '../../../audit/store/project.ts';
import type { ProjectWriter } from '../../../audit/store/types.ts';
import { scoreOf } from './scores.ts';

const IDS = Array.from({ length: 80 }, (_, i) => `c${i}`);
const by = { author: 'Ada' };
const mask = (on: number) => ({ width: 16, height: 16, data: new Uint8Array(256).fill(1, 0, on) });

let folder: string;
let project: ProjectWriter;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'overread-evidence-'));
  project = await createProject(path.join(folder, 'p.overread'), {
    name: 'p',
    structures: [{ name: 'lung', colour: '#56b4e9' }],
    origin: { format: 'folders', root: folder, options: {}, layout: null },
  });
  await project.addCases(
    IDS.map((id, i) => ({
      id,
      imageFile: path.join(folder, `${id}.png`),
      imageHash: 'cd'.repeat(32),
      image: { width: 16, height: 16, bits: 8 },
      split: null,
      annotator: null,
      labels: [{ structure: 'lung', mask: mask(100 + i), sourceFile: 'lung.png' }],
    })),
  );
});

afterEach(() => {
  project.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Adds a finished run; in it the first `bad` cases score far below the others. @returns its id */
function run(bad: number): string {
  const { id } = project.startRun({});
  const scores = IDS.map((name, i) => {
    const learned = i < bad ? -8 - i / 10 : ((i * 37) % 40) / 20;
    const values = { learned, disagreement: null, softmin: null, caseScore: learned };
    return scoreOf(name, 'lung', { ...values, mask: project.case(name)?.labels[0].mask ?? '' });
  });
  project.saveScores(id, scores);
  project.endRun(id, { status: 'done', summary: {} });
  return id;
}

/** A person redraws the first twelve labels, with the verdict “fixed”, and accepts the next eight. */
async function review(): Promise<void> {
  for (const [i, id] of IDS.slice(0, 20).entries()) {
    if (i < 12) await project.addRevision(id, 'lung', mask(10 + i), { ...by, reason: 'stroke' });
    project.setVerdict(id, 'lung', i < 12 ? 'fixed' : 'accepted', by);
  }
}

describe('the evidence of a project', () => {
  it('counts the verdicts on ranked labels, and the open labels', async () => {
    run(12);
    expect(leftOfProject(project)).toMatchObject({ judged: 0, open: 80, left: null });
    await review();
    const { judged, errors, open, left } = leftOfProject(project);
    expect({ judged, errors, open }).toEqual({ judged: 20, errors: 12, open: 60 });
    expect(left?.expected).toBeLessThan(6);
  });

  it('counts a fixed label with the score from before it was fixed, also after a new training', async () => {
    const first = run(12);
    await review();
    const before = leftOfProject(project);
    // In the second run, after the corrections, no case scores far below the others.
    const second = run(0);
    const after = leftOfProject(project);
    expect([before.model, after.model]).toEqual([first, second]);
    expect(after).toMatchObject({ judged: 20, errors: 12, open: 60 });
    expect(after.left?.expected).toBeLessThan(6);
  });

  it('leaves out a fixed label that had no score before it was fixed', async () => {
    await review();
    run(0);
    expect(leftOfProject(project)).toMatchObject({ judged: 8, errors: 0, open: 60 });
  });

  it('takes blind verdicts from the audit log, as they were first given', () => {
    run(12);
    for (const id of IDS.slice(0, 30)) project.setVerdict(id, 'lung', 'accepted', by);
    for (const id of IDS.slice(30, 42)) {
      project.setVerdict(id, 'lung', 'flagged', { ...by, blind: 'random' });
      project.setVerdict(id, 'lung', 'accepted', by);
    }
    project.setVerdict(IDS[42], 'lung', 'flagged', { ...by, blind: 'ranked' });
    project.setVerdict(IDS[42], 'lung', null, by);
    const { random, ranked, errors } = leftOfProject(project);
    expect(errors).toBe(0);
    expect(random).toMatchObject({ labels: 12, errors: 12 });
    expect(random.expected?.high).toBeLessThan(12);
    expect(ranked).toEqual({ labels: 0, errors: 0, expected: null });
  });

  /**
   * Adds a finished run with a calibration.
   * @param diceOf gives the expected dice of each label
   * @returns the run's id
   */
  function calibrated(diceOf: (index: number) => number): string {
    const { id } = project.startRun({});
    project.saveScores(
      id,
      IDS.map((name, i) =>
        scoreOf(name, 'lung', {
          dice: diceOf(i),
          mask: project.case(name)?.labels[0].mask ?? '',
        }),
      ),
    );
    project.saveCalibration(id, {
      version: 2,
      structures: {
        lung: {
          drawn: {
            learned: { centre: 0, scale: 1 },
            // With these values the expected dice is the label's dice with the segmenter.
            ...{ coefficients: [0, 1, 0, 0, 0, 0, 0, 0, 0, 0], knots: [0, 1], dice: [0, 1] },
            ...{ low: [0, 1], high: [0, 1], trusted: 10, planted: 10 },
          },
          empty: null,
        },
      },
    });
    project.endRun(id, { status: 'done', summary: {} });
    return id;
  }

  it('is worth the same in two runs that expect the same dice, however good the others are', () => {
    // In all three runs of this test the twelve errors have a low expected dice. Of the open labels, nine
    // have it in the first run, none in the second, and all in the third.
    calibrated((i) => (i < 12 || i > 70 ? 0.5 : 0.97));
    for (const [i, id] of IDS.slice(0, 30).entries()) {
      project.setVerdict(id, 'lung', i < 12 ? 'flagged' : 'accepted', by);
      if (i < 12) project.setVerdict(id, 'lung', 'excluded', by);
    }
    const first = leftOfProject(project);
    expect(first).toMatchObject({ judged: 30, errors: 12, open: 50 });
    // Nine open labels have the dice of the twelve errors, the other open labels that of the right ones.
    expect(first.left?.expected).toBeGreaterThan(6);
    expect(first.left?.expected).toBeLessThan(13);
    calibrated((i) => (i < 12 ? 0.5 : 0.97));
    expect(leftOfProject(project).left?.expected).toBeLessThan(3);
    // All open labels have the dice of the twelve errors. They count as doubtful, although most labels are
    // like them.
    calibrated((i) => (i < 12 || i >= 30 ? 0.5 : 0.97));
    expect(leftOfProject(project).left?.expected).toBeGreaterThan(40);
  });

  it('holds a fixed label against a sound run, not against one that collapsed', async () => {
    run(12);
    await review();
    const collapse = { collapsed: true, message: 'This training collapsed.', signs: {} };
    const { id } = project.startRun({});
    project.saveScores(
      id,
      IDS.map((name) => scoreOf(name, 'lung', { learned: 99, caseScore: 99 })),
    );
    const summary = { backend: 'wasm', device: '', epochs: 1, seconds: 1, collapse };
    project.endRun(id, { status: 'done', summary });
    const last = run(0);
    const left = leftOfProject(project);
    expect(left).toMatchObject({ model: last, judged: 20, errors: 12, open: 60 });
    expect(left.left?.expected).toBeLessThan(6);
  });

  it('is refused in one sentence while nothing was scored', () => {
    expect(() => leftOfProject(project)).toThrow(/has no scores yet: run "overread train"/);
  });
});
