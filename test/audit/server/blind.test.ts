import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CasesPage, LeftResult } from '../../../audit/contract/api.ts';
import type { QueueEntry } from '../../../audit/contract/api.ts';
import { mixOf } from '../../../audit/server/project/blind.ts';
import type { Mix } from '../../../audit/server/project/blind.ts';
import { openFixture } from './project.ts';
import type { Fixture } from './project.ts';

const same = (row: number): number => row;
function mixed(length: number, name = 'run', mayBe: (row: number) => boolean = () => true): Mix {
  const mix = mixOf(length, name, same, mayBe);
  if (!mix) throw new Error('too short for a mix');
  return mix;
}
const rowsOf = ({ kinds }: Mix, kind: string): number[] =>
  kinds.flatMap((own, row) => (own === kind ? [row] : []));

describe('the ranking mixed with blind checks', () => {
  it('contains every row once, and starts with the first ten rows of the ranking', () => {
    for (const length of [50, 51, 333, 5000]) {
      const mix = mixed(length);
      expect([...mix.rows].sort((a, b) => a - b)).toEqual(Array.from({ length }, (_, i) => i));
      expect([...mix.rows.subarray(0, 10)]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      expect(mix.kinds.slice(0, 10).every((kind) => kind === undefined)).toBe(true);
    }
    expect(mixOf(49, 'run', same, () => true)).toBeNull();
  });

  it('makes about one row in ten a check, and takes half of the checks from random places', () => {
    const mix = mixed(2000);
    const head = [...mix.rows.subarray(0, 1000)].map((row) => mix.kinds[row]);
    for (const kind of ['random', 'ranked']) {
      const count = head.filter((own) => own === kind).length;
      expect(count).toBeGreaterThanOrEqual(48);
      expect(count).toBeLessThanOrEqual(50);
    }
    const placeOf = (row: number): number => mix.rows.indexOf(row);
    for (const row of rowsOf(mix, 'random')) expect(row).toBeGreaterThan(placeOf(row));
    // Random checks come from all rows that are left, so on average from the middle of these rows.
    const early = rowsOf(mix, 'random').filter((row) => placeOf(row) < 1000);
    const mean = early.reduce((sum, row) => sum + row, 0) / early.length;
    expect(mean).toBeGreaterThan(1000);
    // All other rows keep the order of the ranking.
    const rest = [...mix.rows].filter((row) => mix.kinds[row] !== 'random');
    expect(rest).toEqual([...rest].sort((a, b) => a - b));
  });

  it('is the same for the same model', () => {
    expect(mixed(400)).toEqual(mixed(400));
    expect(mixed(400, 'another').rows).not.toEqual(mixed(400).rows);
  });

  it('makes no row a check that was judged before', () => {
    const judged = (row: number): boolean => row % 3 === 0 || (row > 100 && row < 160);
    const mix = mixed(600, 'run', (row) => !judged(row));
    const checks = [...rowsOf(mix, 'random'), ...rowsOf(mix, 'ranked')];
    expect(checks.length).toBeGreaterThan(40);
    expect(checks.filter(judged)).toEqual([]);
  });
});

describe('a queue with blind checks', () => {
  let server: Fixture;
  beforeAll(async () => {
    server = await openFixture(120);
  });
  afterAll(() => server.close());

  async function page(query = ''): Promise<CasesPage> {
    const response = await server.ask(`/api/cases?limit=500&${query}`);
    expect(response.status).toBe(200);
    return CasesPage.parse(await response.json());
  }
  const judge = (row: QueueEntry, per: 'case' | 'label' | undefined, verdict: string | null) =>
    server.ask('/api/verdicts', 'POST', {
      items: [{ case: row.case, structure: row.structure }],
      verdict,
      ...(per && { blind: per }),
    });
  const logged = () =>
    server.context.workspace
      .require()
      .project.auditLog()
      .filter(({ action }) => action === 'verdict')
      .map(({ detail }) => detail as { case: string; blind?: string });

  it('hides the ranks and scores of the checks, and has checks only in the order worst first', async () => {
    for (const per of ['case', 'label']) {
      const { entries, total } = await page(`blind=true&per=${per}`);
      const plain = await page(`per=${per}`);
      expect(total).toBe(plain.total);
      const blind = entries.filter((row) => row.blind);
      // There are 9 to 11 checks in 120 rows, and 21 to 23 in 240. The number varies, because the last
      // block of rows is shorter, and because the draw depends on the id of the run.
      expect(blind.length).toBeGreaterThanOrEqual(per === 'case' ? 9 : 21);
      for (const row of blind) {
        expect(row).toMatchObject({ rank: null, score: null, percentile: null, worst: null });
      }
      expect(entries.slice(0, 10)).toEqual(plain.entries.slice(0, 10));
      expect(entries.filter((row) => !row.blind).every(({ rank }) => rank !== null)).toBe(true);
    }
    for (const query of [
      'blind=true&sort=name',
      'blind=true&order=descending',
      'blind=true&max=0',
      'blind=true&structure=lung',
      '',
    ]) {
      expect((await page(query)).entries.some((row) => row.blind)).toBe(false);
    }
  });

  it('shows the rank of a check after its verdict, in the same place, and never hides it again', async () => {
    const before = await page('blind=true');
    const at = before.entries.findIndex((row) => row.blind);
    const row = before.entries[at];
    await judge(row, 'case', 'accepted');
    const after = await page('blind=true');
    expect(after.entries.map((entry) => entry.case)).toEqual(
      before.entries.map((entry) => entry.case),
    );
    expect(after.entries[at]).toMatchObject({ blind: false, verdict: 'accepted' });
    expect(after.entries[at].rank).not.toBeNull();
    const own = logged().filter((detail) => detail.case === row.case);
    expect(own.length).toBeGreaterThan(0);
    expect(own.every(({ blind }) => blind === 'random' || blind === 'ranked')).toBe(true);
    await judge(row, 'case', null);
    const again = (await page('blind=true')).entries[at];
    expect(again).toMatchObject({ case: row.case, blind: false, verdict: null });
    // A second verdict on the same row is not a blind one, because its rank was shown in between.
    await judge(row, 'case', 'flagged');
    expect(logged().at(-1)).toMatchObject({ case: row.case, verdict: 'flagged' });
    expect(logged().at(-1)?.blind).toBeUndefined();
    await judge(row, 'case', null);
  });

  it('logs the kind of check with each verdict on a check', async () => {
    const { entries } = await page('blind=true&per=label');
    for (const row of entries) await judge(row, 'label', 'accepted');
    const kinds = logged()
      .slice(-entries.length)
      .map(({ blind }) => blind);
    expect(kinds.filter((kind) => kind === 'random').length).toBeGreaterThan(5);
    expect(kinds.filter((kind) => kind === 'ranked').length).toBeGreaterThan(5);
    expect(kinds.filter((kind) => kind !== undefined).length).toBe(
      entries.filter((row) => row.blind).length,
    );
    const { left } = LeftResult.parse(await (await server.ask('/api/left')).json());
    expect(left).toMatchObject({ open: 0, left: { expected: 0 } });
    expect(left?.random.labels).toBe(kinds.filter((kind) => kind === 'random').length);
    expect(left?.ranked.labels).toBe(kinds.filter((kind) => kind === 'ranked').length);
    for (const row of entries) await judge(row, 'label', null);
    const none = LeftResult.parse(await (await server.ask('/api/left')).json());
    expect(none.left).toMatchObject({ judged: 0, left: null, random: { labels: 0 } });
  });

  it('does not log a verdict as blind if the ranking was shown', async () => {
    const { entries } = await page('');
    await judge(entries[30], undefined, 'accepted');
    expect(logged().at(-1)?.blind).toBeUndefined();
  });

  it('makes no judged label a check after another training', async () => {
    const { project } = server.context.workspace.require();
    const scores = project.scores(project.lastRun()?.id ?? '');
    const writer = await server.context.workspace.require().writer();
    const judgedBefore = (await page('')).entries.slice(0, 60);
    for (const row of judgedBefore) await judge(row, undefined, 'accepted');
    const { id } = writer.startRun({});
    writer.saveScores(id, scores);
    writer.endRun(id, { status: 'done', summary: {} });
    server.context.workspace.require().changed('scores', null);
    const { entries, model } = await page('blind=true');
    expect(model).toBe(id);
    const names = new Set(judgedBefore.map((row) => row.case));
    // The judged rows still come first, and only blind checks were moved in between them.
    const first = entries.slice(0, 60).filter((row) => !names.has(row.case));
    expect(first.every((row) => row.blind)).toBe(true);
    expect(entries.filter((row) => row.blind && names.has(row.case))).toEqual([]);
  });
});

describe('a queue of a small project', () => {
  it('has no blind checks', async () => {
    const small = await openFixture(49);
    try {
      const asked = await small.ask('/api/cases?blind=true&limit=100');
      const { entries } = CasesPage.parse(await asked.json());
      expect(entries.some((row) => row.blind)).toBe(false);
    } finally {
      await small.close();
    }
  });
});
