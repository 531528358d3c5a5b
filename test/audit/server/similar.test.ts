import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SimilarCase } from '../../../audit/contract/api.ts';
import { correlation, descriptor } from '../../../audit/server/project/similar.ts';
import { writeSampleSet } from '../../../models/sampleset.ts';
import { openFixture } from './project.ts';
import type { Fixture } from './project.ts';

const SIDE = 32;

/** An image of a bright disc at (x, y); images whose discs lie close are similar. */
function disc(x: number, y: number): Uint16Array {
  return Uint16Array.from({ length: SIDE * SIDE }, (_, i) => {
    const distance = Math.hypot((i % SIDE) - x, Math.floor(i / SIDE) - y);
    return distance < 8 ? 50_000 : 4_000;
  });
}

let server: Fixture;
beforeAll(async () => {
  server = await openFixture(6);
  const { project } = server.context.workspace.require();
  const run = project.lastRun()?.id ?? '';
  await mkdir(project.runFolder(run), { recursive: true });
  // The x of the disc in each case. Among cases 1 to 3, case 2 is most similar to case 6.
  const places = [10, 11, 25, 26, 27, 13];
  await writeSampleSet(
    join(project.runFolder(run), 'samples.ovrset'),
    {
      version: 1,
      width: SIDE,
      height: SIDE,
      structures: ['lung', 'heart'],
      truth: false,
      cases: server.ids.map((id) => ({
        id,
        split: 'train' as const,
        present: [true, true],
        masks: [null, null],
      })),
    },
    (async function* () {
      for (const x of places) {
        yield { image: disc(x, 16), labels: new Uint8Array(2 * SIDE * SIDE), truth: null };
      }
    })(),
  );
});
afterAll(() => server.close());

async function similar(id: string): Promise<SimilarCase> {
  const response = await server.ask(`/api/cases/${encodeURIComponent(id)}/similar`);
  expect(response.status, await response.clone().text()).toBe(200);
  return SimilarCase.parse(await response.json());
}
const judge = (id: string, verdict: string | null): Promise<Response> =>
  server.ask('/api/verdicts', 'POST', { items: [{ case: id, structure: null }], verdict });

describe('the correlation of two descriptors', () => {
  const image = (data: Uint16Array) => ({ width: SIDE, height: SIDE, bits: 16, data });
  it('is 1 for the same picture with another contrast, and 0 with a uniform picture', () => {
    const a = descriptor(image(disc(10, 16)));
    const b = descriptor(image(disc(10, 16).map((value) => value / 2 + 1000)));
    expect(correlation(a, b)).toBeCloseTo(1, 4);
    expect(correlation(a, descriptor(image(new Uint16Array(SIDE * SIDE).fill(9))))).toBe(0);
  });
  it('is −1 for a picture and its negative', () => {
    const a = descriptor(image(disc(10, 16)));
    const b = descriptor(image(disc(10, 16).map((value) => 60_000 - value)));
    expect(correlation(a, b)).toBeCloseTo(-1, 4);
  });
});

describe('GET /api/cases/:id/similar', () => {
  // In the fixture's scores the last case is worst, so cases 1 to 3 are the better half.
  it('returns the most similar case among the better half of the ranking', async () => {
    const found = await similar('case 6');
    expect(found.case).toBe('case 2');
    expect(found.correlation).toBeGreaterThan(0.8);
    expect(found.because).toBeNull();
  });

  it('may return an accepted case with a low score, but never an excluded case', async () => {
    await judge('case 6', 'accepted');
    await judge('case 2', 'excluded');
    expect((await similar('case 1')).case).toBe('case 6');
    await judge('case 6', null);
    await judge('case 2', null);
    expect((await similar('case 1')).case).toBe('case 2');
  });

  it('refuses an unknown case, and says why there is no case to compare with', async () => {
    expect((await server.ask('/api/cases/nobody/similar')).status).toBe(404);
    const bare = await openFixture(2, false);
    try {
      const response = await bare.ask('/api/cases/case%201/similar');
      const answer = SimilarCase.parse(await response.json());
      expect(answer).toMatchObject({ case: null, correlation: null });
      expect(answer.because).toMatch(/train first/);
    } finally {
      await bare.close();
    }
  });
});
