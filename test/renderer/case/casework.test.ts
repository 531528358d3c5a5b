/** Tests the case on the stage with the real server and a real project on disk. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createClient } from '../../../audit/contract/client.ts';
import type { Client } from '../../../audit/contract/client.ts';
import { Casework } from '../../../renderer/case/casework.ts';
import { pixelLoader } from '../../../renderer/case/pixels.ts';
import { shift, turn } from '../../../renderer/drawing/affine.ts';
import type { PenPoint } from '../../../renderer/drawing/types.ts';
import { changedOn } from '../../../renderer/review/stage.ts';
import { notices } from '../../../renderer/shared/notices.svelte.ts';
import { HEIGHT, openFixture, maskOf, samplesOf, WIDTH } from '../../audit/server/project.ts';
import type { Fixture } from '../../audit/server/project.ts';

let fixture: Fixture;
let client: Client;
/** Requests since the list was last emptied, as `METHOD /path`. */
let asked: string[] = [];
let next = 0;

beforeAll(async () => {
  fixture = await openFixture(30);
  client = createClient((address, init) => {
    asked.push(`${init?.method ?? 'GET'} ${address}`);
    return Promise.resolve(fixture.app.fetch(new Request(`http://localhost${address}`, init)));
  });
});
afterAll(() => fixture.close());
beforeEach(() => {
  asked = [];
  notices.list = [];
});

const at = (x: number, y: number): PenPoint => ({ x, y, pressure: null });

function stroke(work: Casework, ...points: PenPoint[]): void {
  work.editor.tool = 'brush';
  work.editor.drawing.down(points[0], false);
  work.editor.drawing.move(points.slice(1));
  work.editor.drawing.up();
}

const stored = async (id: string, structure: string): Promise<Uint8Array> =>
  (await client.mask(id, structure, { drawn: true })).data;

/** Opens a case that no other test has touched. */
async function fresh(): Promise<{ work: Casework; id: string }> {
  const id = fixture.ids[next++];
  const work = new Casework(client, pixelLoader(client));
  work.editor.radius = 3;
  await work.opened.open(id);
  return { work, id };
}

describe('the case on the stage', () => {
  it('has the image, the labels in order, and its details', async () => {
    const { work, id } = await fresh();
    expect(work.opened.detail?.case.id).toBe(id);
    expect(work.opened.image?.samples).toEqual(samplesOf(0));
    expect(work.opened.labels.map(({ structure }) => structure.name)).toEqual(['lung', 'heart']);
    expect(work.opened.labels[0].mask).toEqual(maskOf(0, 0).data);
    expect(work.opened.loading).toBe(false);
  });

  it('says nothing of the ranking while it is veiled, and everything afterwards', async () => {
    const work = new Casework(client, pixelLoader(client));
    const id = fixture.ids[26];
    await work.opened.open(id, { veiled: true });
    expect(work.opened.veiled).toBe(true);
    expect(work.opened.detail).toMatchObject({ case: { id }, proposal: false, quality: false });
    expect(work.opened.detail?.ranks).toMatchObject({ rank: null, score: null, percentile: null });
    for (const label of work.opened.detail?.labels ?? []) {
      expect(label).toMatchObject({ reasons: null, words: [], ranks: { score: null } });
    }
    expect(await work.editor.model(work.opened.labels[0])).toBeNull();
    expect(notices.list.at(-1)?.text).toMatch(/^This is a blind check/);
    work.opened.veil(id, false);
    expect(work.opened.detail?.ranks.rank).not.toBeNull();
    expect(work.opened.detail?.labels[0].reasons).not.toBeNull();
    // The next case is opened without `veiled`, so it shows its ranking.
    work.opened.veil(id, true);
    await work.opened.open(fixture.ids[27]);
    expect(work.opened.veiled).toBe(false);
    expect(work.opened.detail?.ranks.rank).not.toBeNull();
  });

  it('shows the case that was opened last', async () => {
    const work = new Casework(client, pixelLoader(client));
    const first = work.opened.open(fixture.ids[28]);
    const second = work.opened.open(fixture.ids[27]);
    await Promise.allSettled([first, second]);
    expect(work.opened.detail?.case.id).toBe(fixture.ids[27]);
  });

  it('opens a prefetched case without asking for pixels again', async () => {
    const work = new Casework(client, pixelLoader(client));
    await work.opened.open(fixture.ids[28]);
    work.opened.prefetch([fixture.ids[27]]);
    await expect.poll(() => asked.filter((line) => line.includes('/mask')).length).toBe(4);
    await new Promise((done) => setTimeout(done, 20));
    asked = [];
    await work.opened.open(fixture.ids[27]);
    expect(work.opened.image?.samples).toEqual(samplesOf(27));
    expect(asked.filter((line) => /\/(?:image|mask)/.test(line))).toEqual([]);
  });

  it('says in a sentence when a case cannot be loaded', async () => {
    const work = new Casework(client, pixelLoader(client));
    await work.opened.open('nobody');
    expect(work.opened.problem).toBe('The project has no such case.');
    expect(work.opened.loading).toBe(false);
  });
});

describe('drawing', () => {
  it('stores a stroke as it was drawn, and only its rectangle', async () => {
    const { work, id } = await fresh();
    stroke(work, at(30, 30), at(40, 32));
    expect(work.saving.pending).toBe(1);
    await work.saving.flush();
    expect(work.saving.pending).toBe(0);
    expect(await stored(id, 'lung')).toEqual(work.opened.labels[0].mask);
    expect(work.opened.labels[0].mask?.[31 * WIDTH + 35]).toBe(1);
    const { strokes } = await client.strokes(id, 'lung');
    expect(strokes).toHaveLength(1);
    expect(strokes[0]).toMatchObject({ x: 27, y: 27, width: 16, height: 8 });
  });

  it('undoes and redoes across structures, on the server too', async () => {
    const { work, id } = await fresh();
    const lung = work.opened.labels[0].mask?.slice();
    stroke(work, at(40, 30));
    work.opened.active = 1;
    stroke(work, at(41, 35));
    const heart = work.opened.labels[1].mask?.slice();
    work.editor.undo();
    work.editor.undo();
    await work.saving.flush();
    expect(work.opened.labels[0].mask).toEqual(lung);
    expect(await stored(id, 'lung')).toEqual(lung);
    expect(work.editor.undoable).toEqual({ undoes: [], redoes: ['lung'] });
    work.editor.redo();
    work.editor.redo();
    await work.saving.flush();
    expect(await stored(id, 'heart')).toEqual(heart);
    expect(await stored(id, 'lung')).toEqual(work.opened.labels[0].mask);
  });

  it('can be undone after a restart, in the order in which it was drawn, and names the structure', async () => {
    const { work: earlier, id } = await fresh();
    const [lung, heart] = earlier.opened.labels.map(({ mask }) => mask?.slice());
    stroke(earlier, at(40, 30));
    earlier.opened.active = 1;
    stroke(earlier, at(20, 35));
    const both = earlier.opened.labels[1].mask?.slice();
    // A step that was undone can be done again.
    stroke(earlier, at(5, 5));
    earlier.editor.undo();
    await earlier.saving.flush();
    const work = new Casework(client, pixelLoader(client));
    await work.opened.open(id);
    expect(work.editor.undoable).toEqual({ undoes: ['heart'], redoes: ['heart'] });
    expect([...changedOn(work.opened, id)]).toEqual(['lung', 'heart']);
    work.editor.redo();
    expect(work.opened.labels[1].mask).not.toEqual(both);
    work.editor.undo();
    expect(work.opened.labels[1].mask).toEqual(both);
    notices.list = [];
    work.editor.undo();
    expect(notices.list.at(-1)?.text).toBe('Undone: the heart.');
    expect(work.opened.labels[1].mask).toEqual(heart);
    work.opened.layers.labels = false;
    work.editor.undo();
    expect(notices.list.at(-1)?.text).toBe('Undone: the lung, the lung not shown.');
    work.opened.layers.labels = true;
    expect(work.opened.labels[0].mask).toEqual(lung);
    // Together, the strokes of both windows change nothing.
    expect(changedOn(work.opened, id).size).toBe(0);
    await work.saving.flush();
    expect(await stored(id, 'lung')).toEqual(lung);
    expect(await stored(id, 'heart')).toEqual(heart);
  });

  it('can be undone after another case was shown, though it became a revision', async () => {
    const { work, id } = await fresh();
    const before = work.opened.labels[0].mask?.slice();
    stroke(work, at(40, 30));
    await work.opened.open(fixture.ids[29]);
    await expect
      .poll(async () => (await client.case(id)).case.labels[0].revision, { timeout: 5000 })
      .toBe(2);
    await work.opened.open(id);
    expect(work.opened.labels[0].strokes).toBe(0);
    work.editor.undo();
    await work.saving.flush();
    expect(await stored(id, 'lung')).toEqual(before);
  });

  it('makes one revision of its strokes, with a reason', async () => {
    const { work, id } = await fresh();
    stroke(work, at(40, 30));
    expect(await work.saving.fold('fixed')).toBe(true);
    expect(await work.saving.fold('fixed')).toBe(false);
    const { revisions } = await client.revisions(id, 'lung');
    expect(revisions.map(({ reason }) => reason)).toContain('fixed');
    expect((await client.strokes(id, 'lung')).strokes).toEqual([]);
  });

  it('makes one revision when a verdict and leaving the case ask for it at once', async () => {
    const { work, id } = await fresh();
    stroke(work, at(40, 30));
    const [verdict, leaving] = await Promise.all([
      work.saving.fold('fixed'),
      work.saving.fold('edit'),
    ]);
    expect([verdict, leaving]).toEqual([true, false]);
    expect(work.opened.labels[0].strokes).toBe(0);
    const { revisions } = await client.revisions(id, 'lung');
    expect(revisions.map(({ reason }) => reason)).not.toContain('edit');
  });

  it('does not load a mask again that it made itself', async () => {
    const { work } = await fresh();
    stroke(work, at(40, 30));
    await work.saving.fold('fixed');
    const mask = work.opened.labels[0].mask;
    asked = [];
    await work.opened.reload();
    expect(work.opened.labels[0].mask).toBe(mask);
    expect(asked.filter((line) => line.includes('/mask'))).toEqual([]);
    expect(work.editor.undoable.undoes).toEqual(['lung']);
  });

  it('takes over a label that somebody else changed, and says which stroke was lost', async () => {
    const { work, id } = await fresh();
    stroke(work, at(40, 30));
    await work.saving.fold('fixed');
    const other = new Uint8Array(WIDTH * HEIGHT).fill(1, 18 * WIDTH, 20 * WIDTH);
    await client.addRevision(id, 'lung', other);
    // The page was not told of the new revision, so this stroke no longer fits the label.
    stroke(work, at(20, 20));
    await work.saving.flush();
    await expect.poll(() => work.opened.labels[0].mask).toEqual(other);
    expect(notices.list[0].text).toMatch(/^1 stroke on lung of .* could not be saved/);
    expect(work.editor.undoable.undoes).toEqual([]);
    stroke(work, at(20, 20));
    await work.saving.flush();
    expect(await stored(id, 'lung')).toEqual(work.opened.labels[0].mask);
  });

  it('changes whole labels in one step', async () => {
    const { work, id } = await fresh();
    const before = work.opened.labels[0].mask?.slice();
    await work.editor.apply('grow');
    await work.editor.apply('clear');
    expect(work.opened.labels[0].mask?.includes(1)).toBe(false);
    work.editor.undo();
    work.editor.undo();
    await work.saving.flush();
    expect(await stored(id, 'lung')).toEqual(before);
  });

  it('says in one sentence why a change of a whole label changes nothing', async () => {
    const { work } = await fresh();
    await work.editor.apply('fill');
    const steps = work.opened.labels[0].strokes;
    await work.editor.apply('fill');
    expect(notices.list.at(-1)?.text).toBe('The lung has no holes.');
    expect(work.opened.labels[0].strokes).toBe(steps);
    await work.editor.apply('clear');
    await work.editor.apply('fill');
    expect(notices.list.at(-1)?.text).toBe('The lung is empty: draw it first.');
    await work.editor.apply('clear');
    expect(notices.list.at(-1)?.text).toBe('The lung is empty already.');
    work.editor.undo();
    await work.saving.flush();
  });

  it('waits with a change until the case is loaded, and drops it if another case is opened first', async () => {
    const work = new Casework(client, pixelLoader(client));
    const [first, second] = [fixture.ids[25], fixture.ids[26]];
    const before = await stored(first, 'lung');
    void work.opened.open(first);
    const overtaken = work.editor.apply('clear');
    const opening = work.opened.open(second);
    const applied = work.editor.apply('clear');
    await Promise.all([overtaken, opening, applied]);
    await work.saving.flush();
    expect((await stored(second, 'lung')).some(Boolean)).toBe(false);
    expect(await stored(first, 'lung')).toEqual(before);
  });

  it('swaps two structures in one step', async () => {
    const { work, id } = await fresh();
    const [lung, heart] = work.opened.labels.map(({ mask }) => mask?.slice());
    work.editor.swapWith(1);
    await work.saving.flush();
    expect(await stored(id, 'lung')).toEqual(heart);
    expect(await stored(id, 'heart')).toEqual(lung);
    work.editor.undo();
    expect(work.opened.labels.map(({ mask }) => mask)).toEqual([lung, heart]);
    await work.saving.flush();
  });

  it('drops an unfinished stroke and an unfinished polygon', async () => {
    const { work } = await fresh();
    const before = work.opened.labels[0].mask?.slice();
    work.editor.tool = 'brush';
    work.editor.drawing.down(at(40, 30), false);
    work.editor.drawing.move([at(44, 34)]);
    expect(work.opened.labels[0].mask).not.toEqual(before);
    work.editor.drawing.cancel();
    work.editor.drawing.up();
    work.editor.tool = 'polygon';
    for (const corner of [at(1, 1), at(20, 1), at(20, 20)]) work.editor.drawing.down(corner, false);
    work.editor.drawing.cancel();
    expect(work.editor.drawing.draft).toBeNull();
    expect(work.opened.labels[0].mask).toEqual(before);
    expect(work.saving.pending).toBe(0);
  });

  it('closes a polygon at its first corner, and a lasso when the button is let go', async () => {
    const { work, id } = await fresh();
    const index = (x: number, y: number): number => y * WIDTH + x;
    work.editor.tool = 'polygon';
    work.opened.stage.resize({ width: WIDTH * 10, height: HEIGHT * 10 }, 1);
    for (const p of [at(30, 25), at(40, 25), at(40, 35), at(30.2, 25.2)])
      work.editor.drawing.down(p, false);
    expect(work.opened.labels[0].mask?.[index(38, 27)]).toBe(1);
    work.editor.tool = 'lasso';
    work.editor.drawing.down(at(34, 20), true);
    work.editor.drawing.move([at(45, 20), at(45, 38), at(34, 38)]);
    work.editor.drawing.up();
    expect(work.opened.labels[0].mask?.[index(38, 27)]).toBe(0);
    expect(work.opened.labels[0].mask?.[index(33, 26)]).toBe(1);
    await work.saving.flush();
    expect(await stored(id, 'lung')).toEqual(work.opened.labels[0].mask);
  });

  it('nudges the outline in one step, and says so if there is no outline', async () => {
    const { work, id } = await fresh();
    const before = work.opened.labels[0].mask?.slice() ?? new Uint8Array();
    work.editor.tool = 'nudge';
    work.editor.radius = 12;
    const from = before.indexOf(1);
    const place = at((from % WIDTH) + 0.5, Math.floor(from / WIDTH) + 3);
    work.editor.drawing.down(place, false);
    work.editor.drawing.move([at(place.x - 4, place.y), at(place.x - 6, place.y)]);
    work.editor.drawing.up();
    expect(work.opened.labels[0].mask).not.toEqual(before);
    await work.saving.flush();
    expect(await stored(id, 'lung')).toEqual(work.opened.labels[0].mask);
    work.editor.undo();
    expect(work.opened.labels[0].mask).toEqual(before);
    await work.editor.apply('clear');
    work.editor.drawing.down(place, false);
    expect(notices.list.at(-1)?.text).toBe('The lung has no outline here: draw it first.');
    await work.saving.flush();
  });

  it('moves a label by a drag and by keys, and gives it back pixel for pixel', async () => {
    const { work, id } = await fresh();
    const before = work.opened.labels[0].mask?.slice();
    work.editor.tool = 'transform';
    work.opened.stage.resize({ width: WIDTH * 10, height: HEIGHT * 10 }, 1);
    const box = work.editor.drawing.box ?? { x: 0, y: 0, width: 0, height: 0 };
    const middle = at(box.x + box.width / 2 + 4, box.y + box.height / 2 + 3);
    work.editor.drawing.down(middle, false);
    work.editor.drawing.move([at(middle.x + 2, middle.y), at(middle.x + 3, middle.y + 1)]);
    work.editor.drawing.up();
    expect(work.editor.drawing.box).toEqual({ ...box, x: box.x + 3, y: box.y + 1 });
    for (const [x, y] of [
      [-1, 0],
      [-2, 0],
      [0, -1],
    ]) {
      work.editor.reshape(() => shift(x, y));
    }
    expect(work.opened.labels[0].mask).toEqual(before);
    await work.saving.flush();
    expect(await stored(id, 'lung')).toEqual(before);
    expect((await client.strokes(id, 'lung')).strokes).toHaveLength(4);
    for (let n = 0; n < 4; n += 1) work.editor.undo();
    expect(work.editor.undoable.undoes).toEqual([]);
    expect(work.opened.labels[0].mask).toEqual(before);
  });

  it('turns by ten small steps as by a large one', async () => {
    const { work } = await fresh();
    const before = work.opened.labels[0].mask?.slice();
    for (let n = 0; n < 10; n += 1) work.editor.reshape((middle) => turn(Math.PI / 180, middle));
    for (let n = 0; n < 10; n += 1) work.editor.reshape((middle) => turn(-Math.PI / 180, middle));
    expect(work.opened.labels[0].mask).toEqual(before);
  });

  it('keeps pixels of other structures under a masking, whatever changes the label', async () => {
    const { work } = await fresh();
    const [lung, heart] = work.opened.labels;
    const overlap = (): number =>
      heart.mask?.reduce((sum, v, i) => sum + (v & (lung.mask?.[i] ?? 0)), 0) ?? -1;
    const first = lung.mask?.indexOf(1) ?? 0;
    const place = at((first % WIDTH) + 0.5, Math.floor(first / WIDTH) + 0.5);
    const before = overlap();
    work.opened.active = 1;
    work.editor.masking = { side: 'outside', structure: null };
    stroke(work, place, at(place.x + 8, place.y + 5));
    for (let n = 0; n < 12; n += 1) await work.editor.apply('grow');
    expect(overlap()).toBe(before);
    work.editor.masking = null;
    stroke(work, place);
    expect(overlap()).toBeGreaterThan(before);
  });

  it('grows a region from a click, more by a drag, as one step', async () => {
    const { work, id } = await fresh();
    const before = work.opened.labels[0].mask?.slice();
    work.editor.tool = 'region';
    work.opened.stage.resize({ width: WIDTH * 10, height: HEIGHT * 10 }, 1);
    const sum = (): number => work.opened.labels[0].mask?.reduce((all, v) => all + v, 0) ?? 0;
    work.editor.drawing.down(at(30.5, 5.5), false);
    const clicked = sum();
    const tolerance = work.editor.tolerance;
    work.editor.drawing.move([at(38, 5)]);
    work.editor.drawing.up();
    expect(work.editor.tolerance).toBeGreaterThan(tolerance);
    expect(sum()).toBeGreaterThan(clicked);
    await work.saving.flush();
    expect(await stored(id, 'lung')).toEqual(work.opened.labels[0].mask);
    work.editor.undo();
    expect(work.opened.labels[0].mask).toEqual(before);
  });

  it('draws by a live wire: corners are set, taken back, and closed at the first', async () => {
    const { work, id } = await fresh();
    const before = work.opened.labels[0].mask?.slice();
    work.opened.stage.resize({ width: WIDTH * 10, height: HEIGHT * 10 }, 1);
    const { drawing } = work.editor;
    const set = (x: number, y: number): void => {
      drawing.hover(at(x, y));
      drawing.down(at(x, y), false);
      drawing.up();
    };
    work.editor.tool = 'wire';
    set(28, 22);
    set(40, 22);
    set(46, 38);
    expect(drawing.busy).toBe(true);
    drawing.back();
    expect(drawing.draft?.points.at(-1)).toEqual(at(40, 22));
    expect(drawing.draft?.anchors).toHaveLength(2);
    // A corner of the polygon’s tool goes straight, in the same draft.
    work.editor.tool = 'polygon';
    set(40, 34);
    work.editor.tool = 'wire';
    set(28, 34);
    drawing.hover(at(28, 23));
    expect(drawing.wire.at(-1)).toEqual(at(28, 23));
    set(28.2, 22.2);
    expect(drawing.draft).toBeNull();
    expect(drawing.wire).toEqual([]);
    expect(work.opened.labels[0].mask).not.toEqual(before);
    await work.saving.flush();
    expect(await stored(id, 'lung')).toEqual(work.opened.labels[0].mask);
    work.editor.undo();
    expect(work.opened.labels[0].mask).toEqual(before);
  });

  it('solves scribbles, each as one step, and forgets them when something else changes', async () => {
    const { work, id } = await fresh();
    const before = work.opened.labels[0].mask?.slice();
    const { drawing } = work.editor;
    const scribble = async (outside: boolean, ...points: PenPoint[]): Promise<void> => {
      work.editor.tool = 'scribble';
      drawing.down(points[0], outside);
      drawing.move(points.slice(1));
      drawing.up();
      await expect.poll(() => drawing.busy).toBe(false);
    };
    await scribble(false, at(30, 30), at(38, 30));
    expect(work.opened.labels[0].mask?.[30 * WIDTH + 34]).toBe(1);
    await scribble(true, at(34, 26), at(34, 34));
    expect(drawing.scribbles).toHaveLength(2);
    expect(work.opened.labels[0].mask?.[30 * WIDTH + 34]).toBe(0);
    await work.saving.flush();
    expect(await stored(id, 'lung')).toEqual(work.opened.labels[0].mask);
    work.editor.undo();
    expect(drawing.scribbles).toHaveLength(0);
    work.editor.undo();
    expect(work.opened.labels[0].mask).toEqual(before);
    await scribble(false, at(30, 30), at(38, 30));
    expect(drawing.scribbles).toHaveLength(1);
    work.opened.active = 1;
    expect(drawing.scribbles).toHaveLength(0);
  });

  it('moves, adds and takes away control points, each in one step', async () => {
    const { work, id } = await fresh();
    const before = work.opened.labels[0].mask?.slice();
    work.opened.stage.resize({ width: WIDTH * 10, height: HEIGHT * 10 }, 1);
    const { drawing } = work.editor;
    work.editor.tool = 'points';
    const corner = drawing.controls.find(({ x, y }) => x > 19 && y < 6.5);
    expect(corner).toBeDefined();
    const drag = (from: PenPoint, to: PenPoint, remove = false): void => {
      drawing.down(from, remove);
      drawing.move([to]);
      drawing.up();
    };
    const count = drawing.controls.length;
    drag(at(corner?.x ?? 0, corner?.y ?? 0), at((corner?.x ?? 0) + 5, (corner?.y ?? 0) - 1));
    expect(drawing.controls).toHaveLength(count);
    expect(work.opened.labels[0].mask?.slice(6 * WIDTH, 7 * WIDTH).lastIndexOf(1)).toBeGreaterThan(
      20,
    );
    // The middle of the left side has no point yet.
    drag(at(6, 10.5), at(3, 10.5));
    expect(drawing.controls).toHaveLength(count + 1);
    drag(at(3, 10.5), at(3, 10.5), true);
    expect(drawing.controls).toHaveLength(count);
    await work.saving.flush();
    expect(await stored(id, 'lung')).toEqual(work.opened.labels[0].mask);
    for (let n = 0; n < 3; n += 1) work.editor.undo();
    expect(work.opened.labels[0].mask).toEqual(before);
    expect(work.editor.undoable.undoes).toEqual([]);
  });

  it('begins empty on a label that nobody drew', async () => {
    const id = fixture.ids[29];
    const work = new Casework(client, pixelLoader(client));
    work.editor.radius = 3;
    await work.opened.open(id, { structure: 'heart' });
    expect(work.opened.active).toBe(1);
    expect(work.opened.labels[1].mask).toBeNull();
    stroke(work, at(20, 20));
    await work.saving.flush();
    expect(await stored(id, 'heart')).toEqual(work.opened.labels[1].mask);
  });

  it('knows that its strokes cancel out, and makes no revision of them', async () => {
    const { work, id } = await fresh();
    stroke(work, at(40, 30));
    expect([...changedOn(work.opened, id)]).toEqual(['lung']);
    work.editor.undo();
    expect(changedOn(work.opened, id).size).toBe(0);
    work.editor.redo();
    expect([...changedOn(work.opened, id)]).toEqual(['lung']);
    work.editor.undo();
    expect(await work.saving.fold('fixed')).toBe(false);
    expect((await client.case(id)).case.labels[0]).toMatchObject({ revision: 1, changed: false });
  });

  it('knows that a label is the imported one again after an earlier visit is undone', async () => {
    const { work, id } = await fresh();
    stroke(work, at(40, 30));
    await work.saving.fold('edit');
    expect([...changedOn(work.opened, id)]).toEqual(['lung']);
    work.editor.undo();
    await work.saving.fold('fixed');
    expect(work.opened.labels[0].imported).toBe(true);
    expect(changedOn(work.opened, id).size).toBe(0);
    await work.opened.reload();
    expect(changedOn(work.opened, id).size).toBe(0);
    expect((await client.case(id)).case.labels[0]).toMatchObject({ revision: 3, changed: false });
  });

  it('names the structures that nobody sees', async () => {
    const { work } = await fresh();
    const [lung] = work.opened.labels;
    expect([...work.opened.hidden]).toEqual([]);
    lung.visible = false;
    expect([...work.opened.hidden]).toEqual(['lung']);
    Object.assign(lung, { visible: true, fill: 0, outline: 0 });
    expect([...work.opened.hidden]).toEqual(['lung']);
    work.opened.layers.labels = false;
    expect([...work.opened.hidden]).toEqual(['lung', 'heart']);
  });
});
