import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CaseDetail, CasesPage, ColumnValues } from '../../../audit/contract/api.ts';
import { openFixture } from './project.ts';
import type { Fixture } from './project.ts';

let server: Fixture;
beforeAll(async () => {
  server = await openFixture(12);
});
afterAll(() => server.close());

async function page(query = ''): Promise<CasesPage> {
  const response = await server.ask(`/api/cases${query}`);
  expect(response.status, await response.clone().text()).toBe(200);
  return CasesPage.parse(await response.json());
}

describe('the queue', () => {
  it('lists cases worst first, with their rank and worst structure', async () => {
    const { entries, total, model } = await page('?by=learned');
    expect(total).toBe(12);
    expect(model).toBe(server.context.workspace.require().project.lastRun()?.id);
    expect(entries.map((entry) => entry.case)).toEqual([...server.ids].reverse());
    expect(entries[0]).toMatchObject({ rank: 1, percentile: 0, worst: 'lung', structure: null });
  });

  it('gives each label that is not absent a row', async () => {
    const { entries, total } = await page('?per=label&by=learned');
    expect(total).toBe(23);
    expect(entries[0]).toMatchObject({ case: 'case 12', structure: 'lung', rank: 1 });
    expect(entries.some((row) => row.case === 'case 12' && row.structure === 'heart')).toBe(false);
  });

  it('is read page by page without gaps or overlaps', async () => {
    const all = (await page()).entries.map((entry) => entry.case);
    const parts = [];
    for (let offset = 0; offset < 12; offset += 5) {
      parts.push(...(await page(`?limit=5&offset=${offset}`)).entries.map((entry) => entry.case));
    }
    expect(parts).toEqual(all);
    expect((await page('?offset=100')).entries).toEqual([]);
  });

  it('filters by the kind of error that a label seems to have', async () => {
    const small = await page('?per=label&kind=too-small');
    expect(small.total).toBe(21);
    expect(small.entries.map((entry) => entry.case)).not.toContain('case 1');
    expect((await page('?kind=none')).entries.map((entry) => entry.case)).toEqual(['case 1']);
    expect((await page('?kind=ragged')).total).toBe(0);
    expect((await server.ask('/api/cases?kind=odd')).status).toBe(400);
  });

  it('sorts names as people do, and backwards', async () => {
    const names = (await page('?sort=name')).entries.map((entry) => entry.case);
    expect(names).toEqual(Array.from({ length: 12 }, (_, index) => `case ${index + 1}`));
    const backwards = (await page('?sort=name&order=descending')).entries;
    expect(backwards.map((entry) => entry.case)).toEqual([...names].reverse());
  });

  it('filters by name, score, structure and verdict', async () => {
    expect((await page('?search=CASE%201')).total).toBe(4);
    const [, second] = (await page('?by=learned')).entries;
    expect((await page(`?by=learned&max=${second.score}`)).total).toBe(2);
    expect((await page(`?by=learned&min=${second.score}`)).total).toBe(11);
    expect((await page('?per=label&structure=heart')).total).toBe(11);
    const given = await server.ask('/api/verdicts', 'POST', {
      items: [{ case: 'case 3', structure: 'heart' }],
      verdict: 'flagged',
    });
    expect(given.status).toBe(200);
    expect((await page('?verdict=flagged')).entries.map((entry) => entry.case)).toEqual(['case 3']);
    expect((await page('?verdict=none')).total).toBe(11);
    expect((await page('?sort=verdict&order=descending')).entries[0].verdict).toBe('flagged');
    expect((await page('?sort=verdict')).entries[0].verdict).toBe(null);
    await server.ask('/api/verdicts/undo', 'POST', {});
    expect((await page('?verdict=flagged')).total).toBe(0);
  });

  it('filters by split, annotator and patient', async () => {
    const cases = async (query: string): Promise<string[]> =>
      (await page(`?by=learned&order=descending&${query}`)).entries.map((entry) => entry.case);
    expect(await cases('split=test')).toEqual(['case 4', 'case 8', 'case 12']);
    expect(await cases('annotator=')).toHaveLength(6);
    expect(await cases('annotator=Ada&split=test')).toEqual([]);
    expect(await cases('patient=P2')).toEqual(['case 3', 'case 4']);
    expect(await cases('patient=P2&annotator=Ada')).toEqual(['case 3']);
    expect(await cases('patient=nobody')).toEqual([]);
    expect((await page('?patient=P2&per=label')).total).toBe(4);
  });

  it('lists the values by which it can be filtered', async () => {
    const column = async (path: string): Promise<ColumnValues> =>
      ColumnValues.parse(await (await server.ask(`/api/columns/${path}`)).json());
    expect(await column('split')).toEqual({
      column: 'split',
      total: 2,
      without: 0,
      values: [
        { value: 'test', cases: 3 },
        { value: 'train', cases: 9 },
      ],
    });
    expect(await column('annotator')).toMatchObject({ total: 1, without: 6 });
    expect((await column('patient?limit=2&search=p')).values).toEqual([
      { value: 'P1', cases: 2 },
      { value: 'P2', cases: 2 },
    ]);
    expect(await column('patient?search=4')).toMatchObject({ total: 6, values: [{ value: 'P4' }] });
    expect((await server.ask('/api/columns/mask')).status).toBe(400);
  });

  it('marks a label that was corrected after it was scored', async () => {
    const mask = new Uint8Array(48 * 40).fill(1, 0, 100);
    const path = '/api/cases/case%202/labels/lung/revisions';
    expect((await server.ask(path, 'POST', mask)).status).toBe(201);
    const rows = (await page('?search=case%202&per=label')).entries;
    expect(rows.find((row) => row.structure === 'lung')?.stale).toBe(true);
    expect(rows.find((row) => row.structure === 'heart')?.stale).toBe(false);
  });

  it('refuses an invalid number, sort or structure in one sentence', async () => {
    for (const query of ['?limit=-1', '?limit=x', '?sort=size', '?run=no-such-run']) {
      const response = await server.ask(`/api/cases${query}`);
      expect(response.status, query).toBe(400);
      expect(((await response.json()) as { error: string }).error).toMatch(/\.$/);
    }
  });
});

describe('a single case', () => {
  it('is returned with its ranks and the reasons in numbers and words', async () => {
    const response = await server.ask('/api/cases/case%2011?by=learned');
    const detail = CaseDetail.parse(await response.json());
    expect(detail.ranks.rank).toBe(2);
    const lung = detail.labels.find((label) => label.structure === 'lung');
    expect(lung?.reasons?.dice).toBeCloseTo(1 / 11);
    expect(lung?.words.join(' ')).toContain('lung');
  });

  it('is 404 if it does not exist', async () => {
    expect((await server.ask('/api/cases/nobody')).status).toBe(404);
  });
});

describe('a project without scores', () => {
  it('lists its cases by name, without ranks', async () => {
    const plain = await openFixture(11, false);
    try {
      const response = await plain.ask('/api/cases');
      const { entries, model } = CasesPage.parse(await response.json());
      expect(model).toBe(null);
      expect(entries.map((entry) => entry.case).slice(0, 3)).toEqual([
        'case 1',
        'case 2',
        'case 3',
      ]);
      expect(entries.every((entry) => entry.rank === null)).toBe(true);
      expect((await plain.ask('/api/insights')).status).toBe(200);
      expect((await plain.ask('/')).status).toBe(200);
    } finally {
      await plain.close();
    }
  });
});
