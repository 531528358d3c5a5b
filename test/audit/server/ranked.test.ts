/** What a person must know of a ranking: which number it shows, a collapse, what was not learned. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Command } from 'commander';
import { runProgram } from '../../../audit/cli/command.ts';
import { registerRank } from '../../../audit/cli/commands/rank.ts';
import { createTerminal } from '../../../audit/cli/terminal.ts';
import {
  CaseDetail,
  CasesPage,
  Insights,
  RankingPage,
  RunList,
  Status,
} from '../../../audit/contract/api.ts';
import { expectedDice, readCalibration } from '../../../audit/ranking/calibration.ts';
import { scoringRun } from '../../../audit/ranking/model.ts';
import { gather } from '../../../audit/report/data.ts';
import { reportPage } from '../../../audit/report/page.ts';
import type { OpenedProject } from '../../../audit/server/project/opened-project.ts';
import { openFixture } from './project.ts';
import type { Fixture } from './project.ts';

const COUNT = 12;
const WHY = 'only 4 of its labels are drawn';
const COLLAPSE = 'This training collapsed: all scores are alike. Train again with more --epochs.';
const learnedOf = (structure: string, why: string | null) => ({
  ...{ structure, learned: why === null, drawn: 4, dice: 0.5, heldOut: false, why },
});
const summaryOf = (heart: string | null, collapse: string | null) => ({
  ...{ backend: 'wasm', device: 'CPU', epochs: 3, seconds: 1 },
  learned: [learnedOf('lung', null), learnedOf('heart', heart)],
  collapse: { collapsed: collapse !== null, message: collapse ?? 'No sign.', signs: {} },
});
/** The dice that is expected of a label is its agreement with the segmenter times 0.9. */
const CALIBRATION = {
  version: 2,
  structures: {
    lung: {
      drawn: {
        learned: { centre: 0, scale: 1 },
        coefficients: [0, 0, 0, 1, 0, 0, 0, 0, 0, 0],
        ...{ knots: [0, 1], dice: [0, 0.9], low: [0, 0.8], high: [0, 1] },
        ...{ trusted: 10, planted: 10 },
      },
      empty: null,
    },
  },
};

let server: Fixture;
let opened: OpenedProject;
beforeEach(async () => {
  server = await openFixture(COUNT);
  if (!server.context.workspace.current) throw new Error('no project is open');
  opened = server.context.workspace.current;
});
afterEach(() => server.close());

/** Ends a run with the scores of the run before. @returns its id */
async function addRun(summary: unknown, calibration?: unknown): Promise<string> {
  const project = await opened.writer();
  const before = project.lastRun()?.id ?? '';
  const { id } = project.startRun({ epochs: 1 });
  project.saveScores(id, project.scores(before));
  if (calibration !== undefined) project.saveCalibration(id, calibration);
  project.endRun(id, { status: 'done', summary });
  opened.changed('scores', null);
  return id;
}

const get = async (path: string): Promise<unknown> => (await server.ask(path)).json();
const cases = async (query = ''): Promise<CasesPage> =>
  CasesPage.parse(await get(`/api/cases?limit=500${query}`));

/** What `overread rank` writes. */
async function rank(...options: string[]): Promise<{ out: string; err: string }> {
  const [out, err]: [string[], string[]] = [[], []];
  const session = {
    terminal: createTerminal(
      { write: (text) => out.push(text) },
      { write: (text) => err.push(text) },
    ),
    ...{ signal: new AbortController().signal, env: {}, interactive: false },
  };
  const program = new Command().exitOverride();
  registerRank(program, session);
  await runProgram(program, ['rank', server.folder, ...options], session);
  return { out: out.join(''), err: err.join('') };
}

const report = async (): Promise<string> =>
  reportPage({ ...(await gather(opened.project)), worst: [] });

describe('the number of a ranking', () => {
  it('is the expected dice where the model has a calibration, else the agreement', async () => {
    await addRun(summaryOf(null, null), CALIBRATION);
    const { entries, ranked } = await cases('&per=label');
    expect(ranked).toMatchObject({ number: 'expected', uncalibrated: ['heart'] });
    const scores = entries.map(({ score }) => score ?? NaN);
    expect(scores).toEqual([...scores].sort((a, b) => a - b));
    const calibration = readCalibration(CALIBRATION);
    for (const { case: id, structure, score, number, expected } of entries) {
      const own = opened.project
        .scores(ranked?.model ?? '', [id])
        .find((each) => each.structure === structure);
      if (!own) throw new Error(`${id} has no score`);
      const dice = structure === 'lung' ? expectedDice(calibration, own) : null;
      expect(number).toBe(structure === 'lung' ? 'expected' : 'agreement');
      expect(expected).toEqual(dice);
      expect(score).toBeCloseTo(dice?.dice ?? 1 - (own.disagreement ?? NaN), 6);
    }
  });

  it('is the same in the queue, the inspector, the histogram and the filter', async () => {
    await addRun(summaryOf(null, null), CALIBRATION);
    const { entries } = await cases();
    const [first] = entries;
    const detail = CaseDetail.parse(await get(`/api/cases/${encodeURIComponent(first.case)}`));
    expect(detail.ranks).toMatchObject({ score: first.score, number: 'expected', rank: 1 });
    const errors = detail.labels.map(({ ranks }) => (1 - (ranks.score ?? NaN)) ** 2);
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    expect(first.score).toBeCloseTo(1 - Math.sqrt(mean), 6);
    const { histogram } = Insights.parse(await get('/api/insights'));
    expect(histogram.low).toBe(first.score);
    expect((await cases(`&max=${first.score}`)).entries.map((row) => row.case)).toEqual([
      first.case,
    ]);
  });

  it("has each order's own name", async () => {
    for (const [by, number] of [
      ['learned', 'learned'],
      ['disagreement', 'agreement'],
      ['softmin', 'softmin'],
      ['combined', 'agreement'],
    ] as const) {
      const { entries, ranked } = await cases(`&by=${by}`);
      expect(ranked, by).toMatchObject({ by, number });
      expect(new Set(entries.map((row) => row.number)), by).toEqual(new Set([number]));
    }
  });

  it('is the head of its column on the command line, which says what stands in', async () => {
    const table = await rank();
    expect(table.out).toMatch(/^rank\s+case\s+agreement with the model\s/);
    expect(table.err).toContain('These networks have no calibration');
    expect((await rank('--format', 'csv', '--by', 'softmin')).out).toMatch(
      /^rank,previous_rank,case,structure,softmin_score,/,
    );
    await addRun(summaryOf(null, null), CALIBRATION);
    const csv = await rank('--format', 'csv');
    expect(csv.out).toMatch(/^rank,previous_rank,case,structure,expected_dice,/);
    expect(csv.err).toMatch(/^Too few labels of the heart are alike for a calibration/);
  });

  it('is drawn in the report, with the limits in dice', async () => {
    await addRun(summaryOf(null, null), CALIBRATION);
    const page = await report();
    expect(page).toContain('<h2>Expected dice of the labels</h2>');
    // Of 12 lungs, none is expected to have a dice above 0.9, and one above 0.85.
    expect(page).toContain('12 labels, 11 below 0.85');
    expect(page).toMatch(/<rect class="bad"[^>]*><title>0\.50 to 0\.51/);
    expect(page).not.toMatch(/standard deviation|z-score|combined score/i);
  });
});

describe('a structure that was not learned', () => {
  beforeEach(async () => {
    await addRun(summaryOf(WHY, null));
  });

  it('has labels without a rank and without reasons', async () => {
    const { entries, ranked } = await cases('&per=label');
    expect(ranked?.unlearned).toEqual([{ structure: 'heart', why: WHY }]);
    const hearts = entries.filter(({ structure }) => structure === 'heart');
    expect(hearts).toHaveLength(COUNT - 1);
    expect(hearts.every((row) => row.rank === null && row.number === null)).toBe(true);
    const { labels } = CaseDetail.parse(await get('/api/cases/case%201'));
    const heart = labels.find(({ structure }) => structure === 'heart');
    expect(heart).toMatchObject({ reasons: null, words: [], ranks: { rank: null } });
    const ranking = RankingPage.parse(await get('/api/ranking'));
    const named = ranking.entries.flatMap(({ reasons }) => reasons.map((each) => each.structure));
    expect(new Set(named)).toEqual(new Set(['lung']));
  });

  it('is told on the command line and in the report', async () => {
    const sentence = `The labels of the heart are not ranked, because it was not learned: ${WHY}.`;
    const { out, err } = await rank('--per', 'label', '--format', 'json');
    expect(err).toContain(`Warning: ${sentence}`);
    expect(out).not.toContain('heart');
    expect(await report()).toContain(sentence);
  });
});

describe('a run that collapsed', () => {
  it('does not take over from a sound run, and that is said', async () => {
    const sound = await addRun(summaryOf(null, null), CALIBRATION);
    const collapsed = await addRun(summaryOf(null, COLLAPSE));
    const { model, ranked } = await cases();
    expect(model).toBe(sound);
    expect(ranked).toMatchObject({
      collapse: null,
      passedOver: { run: collapsed, collapse: COLLAPSE },
    });
    expect(Status.parse(await get('/api/status')).project?.run).toBe(sound);
    const { runs } = RunList.parse(await get('/api/runs'));
    expect(runs.filter(({ current }) => current).map(({ id }) => id)).toEqual([sound]);
    expect(scoringRun(opened.project)?.id).toBe(sound);
    const { err } = await rank();
    expect(err).toContain(`Warning: The labels are still ranked by run ${sound}`);
    expect(err).toContain(`give --model ${collapsed}.`);
    expect(await report()).toContain(COLLAPSE);
  });

  it('ranks if a person asks for it, with a warning', async () => {
    await addRun(summaryOf(null, null));
    const collapsed = await addRun(summaryOf(null, COLLAPSE));
    const { model, ranked } = await cases(`&run=${collapsed}`);
    expect(model).toBe(collapsed);
    expect(ranked).toMatchObject({ collapse: COLLAPSE, passedOver: null });
    expect((await rank('--model', collapsed)).err).toContain(
      `Warning: The labels are ranked by run ${collapsed}. ${COLLAPSE}`,
    );
  });

  it('ranks everywhere after a person chose it, until the choice is taken back', async () => {
    const sound = await addRun(summaryOf(null, null));
    const collapsed = await addRun(summaryOf(null, COLLAPSE));
    const choose = (run: string | null) => server.ask('/api/ranking/run', 'PUT', { run });
    expect((await choose(collapsed)).status).toBe(200);
    const { model, ranked } = await cases();
    expect(model).toBe(collapsed);
    expect(ranked).toMatchObject({ collapse: COLLAPSE, passedOver: null, chosen: true });
    const { runs } = RunList.parse(await get('/api/runs'));
    expect(runs.filter(({ chosen }) => chosen).map(({ id }) => id)).toEqual([collapsed]);
    expect(scoringRun(opened.project)?.id).toBe(collapsed);
    expect((await rank()).err).toContain('A person chose the run that ranks now.');
    expect((await choose(null)).status).toBe(200);
    expect((await cases()).model).toBe(sound);
  });

  it('cannot be chosen if it is unknown or has no scores', async () => {
    const project = await opened.writer();
    const { id } = project.startRun({ epochs: 1 });
    project.endRun(id, { status: 'done', summary: summaryOf(null, null) });
    const choose = (run: string) => server.ask('/api/ranking/run', 'PUT', { run });
    expect((await choose('run 9')).status).toBe(404);
    const refused = await choose(id);
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain(`has no scores of ${id}`);
    expect(project.chosenRun()).toBeNull();
  });
});
