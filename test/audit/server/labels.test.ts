import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { VerdictResult } from '../../../audit/contract/api.ts';
import { packMask } from '../../../audit/contract/packing.ts';
import { encodeRuns } from '../../../audit/contract/runs.ts';
import { HEIGHT, WIDTH, maskOf, openFixture } from './project.ts';
import { undoVerdict } from '../../../audit/review/verdicts.ts';
import type { Fixture } from './project.ts';

let server: Fixture;
beforeAll(async () => {
  server = await openFixture(5);
});
afterAll(() => server.close());

const label = (id: string, structure: string): string =>
  `/api/cases/${encodeURIComponent(id)}/labels/${structure}`;
const json = async <T>(response: Response): Promise<T> => (await response.json()) as T;
const verdictOf = (id: string, structure: string): string | null | undefined =>
  server.context.workspace
    .require()
    .project.case(id)
    ?.labels.find((candidate) => candidate.structure === structure)?.verdict;

function box(mask: Uint8Array, x: number, y: number, width: number, height: number): Uint8Array {
  const part = new Uint8Array(width * height);
  for (let row = 0; row < height; row += 1) {
    const start = (y + row) * WIDTH + x;
    part.set(mask.subarray(start, start + width), row * width);
  }
  return part;
}
const base64 = (pixels: Uint8Array): string => Buffer.from(encodeRuns(pixels)).toString('base64');

describe('revisions of a label', () => {
  it('are added, listed and restored, and the pixels are exactly those sent', async () => {
    const path = label('case 1', 'lung');
    const drawn = new Uint8Array(WIDTH * HEIGHT).fill(1, 30, 700);
    const added = await server.ask(
      `${path}/revisions?packing=runs&reason=brush`,
      'POST',
      packMask(drawn, 'runs'),
    );
    expect(added.status).toBe(201);
    expect(await json(added)).toMatchObject({ number: 2, area: 670, reason: 'brush' });
    const now = new Uint8Array(await (await server.ask(`${path}/mask`)).arrayBuffer());
    expect(now).toEqual(drawn);
    const restored = await server.ask(`${path}/restore`, 'POST', { revision: 1 });
    expect(restored.status).toBe(201);
    const after = new Uint8Array(await (await server.ask(`${path}/mask`)).arrayBuffer());
    expect(after).toEqual(maskOf(0, 0).data);
    const { revisions } = await json<{ revisions: { reason: string }[] }>(
      await server.ask(`${path}/revisions`),
    );
    expect(revisions.map(({ reason }) => reason)).toEqual(['import', 'brush', 'restore']);
  });

  it('refuse a mask of another size or other values, and write nothing', async () => {
    const path = `${label('case 2', 'lung')}/revisions`;
    for (const bytes of [
      new Uint8Array(WIDTH * HEIGHT - 1),
      new Uint8Array(WIDTH * HEIGHT).fill(255),
      new Uint8Array(0),
    ]) {
      expect((await server.ask(path, 'POST', bytes)).status).toBe(400);
    }
    expect((await server.ask(path, 'POST', { mask: [] })).status).toBe(415);
    const { revisions } = await json<{ revisions: unknown[] }>(await server.ask(path));
    expect(revisions).toHaveLength(1);
  });

  it('are refused if the mask that was edited is no longer the newest', async () => {
    const path = label('case 2', 'heart');
    const etag = (await server.ask(`${path}/mask`)).headers.get('etag') ?? '';
    const mask = new Uint8Array(WIDTH * HEIGHT);
    const add = (): Promise<Response> =>
      server.ask(`${path}/revisions`, 'POST', mask, { 'if-match': etag });
    expect((await add()).status).toBe(201);
    expect((await add()).status).toBe(412);
  });

  it('make a label absent, and present again', async () => {
    const path = label('case 4', 'heart');
    expect((await server.ask(path, 'DELETE')).status).toBe(200);
    expect((await server.ask(`${path}/mask`)).status).toBe(404);
    expect((await server.ask(path, 'DELETE')).status).toBe(404);
    const mask = maskOf(3, 1).data;
    expect((await server.ask(`${path}/revisions`, 'POST', mask)).status).toBe(201);
    expect((await server.ask(`${path}/mask`)).status).toBe(200);
  });
});

describe('strokes', () => {
  it('are stored in order, drawn into the mask on request, and folded into one revision', async () => {
    const path = label('case 3', 'lung');
    const now = maskOf(2, 0).data;
    await fc.assert(
      fc.asyncProperty(
        fc.nat(WIDTH - 8),
        fc.nat(HEIGHT - 6),
        fc.uint8Array({ minLength: 48, maxLength: 48, max: 1 }),
        async (x, y, after) => {
          const stroke = { x, y, width: 8, height: 6 };
          const before = box(now, x, y, 8, 6);
          const response = await server.ask(`${path}/strokes`, 'POST', {
            ...stroke,
            before: base64(before),
            after: base64(after),
          });
          expect(response.status, await response.clone().text()).toBe(201);
          for (let row = 0; row < 6; row += 1) {
            now.set(after.subarray(row * 8, row * 8 + 8), (y + row) * WIDTH + x);
          }
        },
      ),
      { numRuns: 12 },
    );
    const seen = await server.ask(`${path}/mask?drawn=true`);
    expect(new Uint8Array(await seen.arrayBuffer())).toEqual(now);
    expect(seen.headers.get('cache-control')).not.toContain('immutable');
    const saved = await server.ask(`${path}/mask`);
    expect(new Uint8Array(await saved.arrayBuffer())).toEqual(maskOf(2, 0).data);
    const { strokes } = await json<{ strokes: unknown[] }>(await server.ask(`${path}/strokes`));
    expect(strokes).toHaveLength(12);
    const folded = await server.ask(`${path}/strokes/fold`, 'POST', { reason: 'brush' });
    expect((await json<{ revision: { number: number } }>(folded)).revision.number).toBe(2);
    const after = await server.ask(`${path}/mask`);
    expect(new Uint8Array(await after.arrayBuffer())).toEqual(now);
    expect(await json(await server.ask(`${path}/strokes/fold`, 'POST', {}))).toEqual({
      revision: null,
    });
  });

  it('are refused if they were drawn on other pixels, and the journal stays usable', async () => {
    const path = label('case 5', 'lung');
    const zeros = base64(new Uint8Array(16));
    const ones = base64(new Uint8Array(16).fill(1));
    // The stroke lies inside the lung, where the mask is 1, so it is wrong that the mask was 0 before.
    const wrong = { x: 8, y: 7, width: 4, height: 4, before: zeros, after: ones };
    expect((await server.ask(`${path}/strokes`, 'POST', wrong)).status).toBe(409);
    const outside = { ...wrong, x: WIDTH - 2 };
    expect((await server.ask(`${path}/strokes`, 'POST', outside)).status).toBe(400);
    const short = { ...wrong, before: base64(new Uint8Array(9)) };
    expect((await server.ask(`${path}/strokes`, 'POST', short)).status).toBe(400);
    const right = { ...wrong, before: ones, after: zeros };
    expect((await server.ask(`${path}/strokes`, 'POST', right)).status).toBe(201);
    // `wrong` is `right` with before and after exchanged, so it now undoes `right`.
    expect((await server.ask(`${path}/strokes`, 'POST', wrong)).status).toBe(201);
    expect((await server.ask(`${path}/strokes/fold`, 'POST', {})).status).toBe(200);
  });
});

describe('verdicts', () => {
  it('are given to several labels and undone in one step', async () => {
    const items = [
      { case: 'case 1', structure: null },
      { case: 'case 2', structure: 'lung' },
    ];
    await server.ask('/api/verdicts', 'POST', { items: [items[1]], verdict: 'flagged' });
    const given = await server.ask('/api/verdicts', 'POST', { items, verdict: 'accepted' });
    const { changed, undo } = await json<VerdictResult>(given);
    expect(changed).toHaveLength(3);
    expect(verdictOf('case 1', 'heart')).toBe('accepted');
    await server.ask('/api/verdicts/undo', 'POST', { undo });
    expect(verdictOf('case 1', 'heart')).toBe(null);
    expect(verdictOf('case 2', 'lung')).toBe('flagged');
    await server.ask('/api/verdicts/undo', 'POST', {});
    expect(verdictOf('case 2', 'lung')).toBe(null);
    expect((await server.ask('/api/verdicts/undo', 'POST', {})).status).toBe(404);
  });

  it('of two requests that are one step are undone in one step, also on the command line', async () => {
    const heart = { items: [{ case: 'case 2', structure: 'heart' }], verdict: 'fixed' };
    const writer = await server.context.workspace.require().writer();
    await writer.addRevision('case 2', 'heart', maskOf(9, 1), { author: 'Ada', reason: 'stroke' });
    const rest = { items: [{ case: 'case 2', structure: null }], verdict: 'accepted' };
    const verdicts = () => ['lung', 'heart'].map((structure) => verdictOf('case 2', structure));
    const give = async (): Promise<void> => {
      const { undo } = await json<VerdictResult>(await server.ask('/api/verdicts', 'POST', heart));
      await server.ask('/api/verdicts', 'POST', { ...rest, step: undo });
    };
    await give();
    expect(verdicts()).toEqual(['accepted', 'fixed']);
    await server.ask('/api/verdicts/undo', 'POST', {});
    expect(verdicts()).toEqual([null, null]);
    await give();
    undoVerdict(writer, 'case 2', { author: 'Ada' });
    expect(verdicts()).toEqual([null, null]);
    undoVerdict(writer, 'case 2', { author: 'Ada' });
    expect(verdicts()).toEqual(['accepted', 'fixed']);
    undoVerdict(writer, 'case 2', { author: 'Ada' });
  });

  it('of a case skip labels with a verdict, unless forced', async () => {
    const lung = [{ case: 'case 3', structure: 'lung' }];
    const whole = [{ case: 'case 3', structure: null }];
    await server.ask('/api/verdicts', 'POST', { items: lung, verdict: 'excluded' });
    await server.ask('/api/verdicts', 'POST', { items: whole, verdict: 'accepted' });
    expect(verdictOf('case 3', 'lung')).toBe('excluded');
    expect(verdictOf('case 3', 'heart')).toBe('accepted');
    const forced = { items: whole, verdict: 'flagged', force: true };
    await server.ask('/api/verdicts', 'POST', forced);
    expect(verdictOf('case 3', 'lung')).toBe('flagged');
  });

  it('call no label fixed that is the imported one', async () => {
    const fix = async (structure: string | null): Promise<Response> =>
      server.ask('/api/verdicts', 'POST', {
        items: [{ case: 'case 5', structure }],
        verdict: 'fixed',
        force: true,
      });
    const refused = await fix('lung');
    expect(refused.status).toBe(400);
    expect(await refused.text()).toContain('is the imported one: accept it, or change it first.');
    expect(await (await fix(null)).text()).toContain('No label of \\"case 5\\" differs');
    expect(verdictOf('case 5', 'lung')).toBe(null);
    const writer = await server.context.workspace.require().writer();
    await writer.addRevision('case 5', 'lung', maskOf(9, 1), { author: 'Ada', reason: 'stroke' });
    const { changed } = await json<VerdictResult>(await fix(null));
    expect(changed).toEqual([{ case: 'case 5', structure: 'lung', verdict: 'fixed' }]);
    expect(verdictOf('case 5', 'heart')).toBe(null);
    // The imported mask again: it is no fix any more.
    await writer.addRevision('case 5', 'lung', maskOf(4, 0), { author: 'Ada', reason: 'restore' });
    expect((await fix('lung')).status).toBe(400);
  });

  it('change nothing if one of the labels is missing', async () => {
    const items = [
      { case: 'case 4', structure: 'lung' },
      { case: 'case 5', structure: 'heart' },
    ];
    const refused = await server.ask('/api/verdicts', 'POST', { items, verdict: 'accepted' });
    expect(refused.status).toBe(409);
    expect(verdictOf('case 4', 'lung')).toBe(null);
  });

  it('may have a comment, which is undone with the verdict', async () => {
    const items = [{ case: 'case 4', structure: 'lung' }];
    const comment = (): string | null | undefined =>
      server.context.workspace.require().project.case('case 4')?.labels[0].comment;
    const said = await server.ask(`${label('case 4', 'lung')}/comment`, 'PUT', { text: 'blurred' });
    expect(said.status).toBe(200);
    await server.ask('/api/verdicts', 'POST', { items, verdict: 'flagged', comment: 'rotated' });
    expect(comment()).toBe('rotated');
    await server.ask('/api/verdicts/undo', 'POST', {});
    expect(comment()).toBe('blurred');
  });

  it('have the reviewer named in the settings as their author', async () => {
    await server.ask('/api/settings', 'PATCH', { reviewer: 'Dr. Ærø' });
    const items = [{ case: 'case 5', structure: 'lung' }];
    await server.ask('/api/verdicts', 'POST', { items, verdict: 'accepted' });
    const { rows } = await json<{ rows: { author: string; action: string }[] }>(
      await server.ask('/api/project/log'),
    );
    expect(rows.at(-1)).toMatchObject({ author: 'Dr. Ærø', action: 'verdict' });
  });
});
