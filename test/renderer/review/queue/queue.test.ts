import { describe, expect, it } from 'vitest';
import { ShownQueue } from '../../../../renderer/review/queue/queue.svelte.ts';
import { useReviewServer } from '../server.ts';

const COUNT = 240;
const server = useReviewServer(COUNT);

describe('the queue', () => {
  it('loads only the pages that are looked at, each of them once', async () => {
    const queue = new ShownQueue(server.client);
    await queue.refresh(null);
    expect([queue.total, queue.ready]).toEqual([COUNT, true]);
    expect(queue.row(0)).not.toBeNull();
    expect(queue.row(205)).toBeNull();
    const before = server.asked.length;
    await Promise.all([queue.need(200, 210), queue.need(195, 205)]);
    expect(queue.row(205)?.rank).toBe(206);
    expect(server.asked.length - before).toBe(2);
    expect(await queue.rowAt(COUNT)).toBeNull();
  });

  it('keeps a row that no longer matches the filter in its place until a refresh', async () => {
    const queue = new ShownQueue(server.client);
    await queue.apply({ verdict: 'none' }, null);
    const [first, second] = [queue.row(0), queue.row(1)];
    if (!first || !second) throw new Error('rows are missing');
    await server.client.judge([{ case: first.case, structure: null }], 'accepted');
    await queue.follow({ type: 'changed', what: 'verdicts', cases: [first.case] });
    expect(queue.row(0)).toMatchObject({ case: first.case, verdict: 'accepted' });
    expect([queue.total, queue.moved.size]).toEqual([COUNT, 1]);
    await queue.refresh(second);
    expect(queue.row(0)?.case).toBe(second.case);
    expect([queue.total, queue.moved.size, queue.cursor]).toEqual([COUNT - 1, 0, 0]);
  });

  it('finds the current row again in another order, on a page further down', async () => {
    const queue = new ShownQueue(server.client);
    await queue.refresh('open');
    const worst = queue.row(0);
    expect(queue.cursor).toBe(0);
    await queue.apply({ order: 'descending' }, worst);
    expect(queue.cursor).toBe(COUNT - 1);
    expect(queue.current?.case).toBe(worst?.case);
  });

  it('says that there is a new ranking, and does not reorder its rows', async () => {
    const queue = new ShownQueue(server.client);
    await queue.refresh(null);
    const order = [0, 1, 2].map((index) => queue.row(index)?.case);
    await queue.follow({ type: 'changed', what: 'scores', cases: null });
    expect(queue.outdated).toBe(true);
    expect([0, 1, 2].map((index) => queue.row(index)?.case)).toEqual(order);
  });

  it('heeds only the newest of several filters', async () => {
    const queue = new ShownQueue(server.client);
    await queue.refresh(null);
    let open = (): void => undefined;
    server.gate = new Promise((resolve) => (open = resolve));
    const first = queue.apply({ search: 'case 1' }, null);
    const second = queue.apply({ search: 'case 23' }, null);
    open();
    await Promise.all([first, second]);
    expect(queue.total).toBe(11);
    expect(queue.problem).toBeNull();
  });

  it('selects rows one by one, as a range, and all', async () => {
    const queue = new ShownQueue(server.client);
    await queue.refresh(null);
    queue.toggle(3);
    await queue.selectTo(7);
    expect(queue.selected.size).toBe(5);
    queue.toggle(4);
    expect(queue.selected.size).toBe(4);
    await queue.selectAll();
    expect(queue.selected.size).toBe(COUNT);
  });

  it('says what went wrong, and works again after a refresh', async () => {
    const queue = new ShownQueue(server.client);
    await server.fixture.context.workspace.close();
    await queue.refresh(null);
    expect(queue.problem).toMatch(/open one first/);
    expect(queue.ready).toBe(false);
    await server.fixture.context.workspace.open(server.fixture.folder);
    await queue.refresh(null);
    expect([queue.problem, queue.ready]).toEqual([null, true]);
  });
});
