import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CasesPage } from '../../../audit/contract/api.ts';
import { openFixture } from './project.ts';
import type { Fixture } from './project.ts';

let server: Fixture;
beforeAll(async () => {
  server = await openFixture(12);
});
afterAll(() => server.close());

async function page(query: string): Promise<CasesPage> {
  const response = await server.ask(`/api/cases${query}`);
  expect(response.status, await response.clone().text()).toBe(200);
  return CasesPage.parse(await response.json());
}
const judge = (id: string, verdict: string | null): Promise<Response> =>
  server.ask('/api/verdicts', 'POST', { items: [{ case: id, structure: null }], verdict });

describe('a snapshot of the queue', () => {
  it('keeps a row in its place after a verdict with which the filter would remove the row', async () => {
    const before = await page('?by=learned&verdict=none');
    const second = before.entries[1].case;
    await judge(second, 'accepted');
    const same = await page(`?by=learned&verdict=none&snapshot=${before.snapshot}`);
    expect(same.snapshot).toBe(before.snapshot);
    expect(same.total).toBe(12);
    expect(same.entries.map((entry) => entry.case)).toEqual(
      before.entries.map(({ case: id }) => id),
    );
    expect(same.entries[1].verdict).toBe('accepted');
    const anew = await page('?by=learned&verdict=none');
    expect(anew.total).toBe(11);
    expect(anew.snapshot).not.toBe(before.snapshot);
    await judge(second, null);
  });

  it('is the same for every page of one query', async () => {
    const first = await page('?by=learned&limit=5');
    const next = await page('?by=learned&limit=5&offset=5');
    expect(next.snapshot).toBe(first.snapshot);
  });

  it('is replaced by a new one with the present rows if it is unknown', async () => {
    const answer = await page('?by=learned&snapshot=gone');
    expect(answer.total).toBe(12);
    expect(answer.snapshot).not.toBe('gone');
  });
});

describe('a search for a row of the queue', () => {
  it('finds the place of a case and of a label', async () => {
    expect((await page('?by=learned&limit=1&find=case%2010')).found).toBe(2);
    const label = await page('?by=learned&per=label&find=case%2011&findStructure=heart');
    expect(label.found).not.toBeNull();
    expect(label.entries[label.found ?? -1]).toMatchObject({ case: 'case 11', structure: 'heart' });
    expect((await page('?by=learned&find=nobody')).found).toBeNull();
    expect((await page('?by=learned&search=case%205&find=case%2010')).found).toBeNull();
  });

  it('finds the next row without a verdict', async () => {
    const { entries } = await page('?by=learned');
    await judge(entries[3].case, 'accepted');
    await judge(entries[4].case, 'flagged');
    expect((await page('?by=learned&findOpen=3')).found).toBe(5);
    expect((await page('?by=learned&findOpen=12')).found).toBeNull();
    await judge(entries[3].case, null);
    await judge(entries[4].case, null);
  });
});
