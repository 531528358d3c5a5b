/** Tasks of one kind run one after another; a cancelled one does not wait for its turn. */
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { EventBus } from '../../../audit/server/tasks/bus.ts';
import { Tasks } from '../../../audit/server/tasks/tasks.ts';

const makeTasks = (): Tasks => new Tasks(new EventBus(), pino({ level: 'silent' }), 'no');
const options = (kind: 'export' | 'report' | 'look') => ({
  ...{ kind, title: kind, writes: false, project: false },
});

it('runs exports one after another, and a report beside them', async () => {
  const tasks = makeTasks();
  const order: string[] = [];
  let release = (): void => undefined;
  const gate = new Promise<void>((resolve) => (release = resolve));
  const first = tasks.start(options('export'), async () => {
    order.push('first begins');
    await gate;
    order.push('first ends');
  });
  const second = tasks.start(options('export'), () => Promise.resolve(order.push('second')));
  const beside = tasks.start(options('report'), () => Promise.resolve(order.push('beside')));
  await tasks.ended(beside.id);
  expect(order).toEqual(['first begins', 'beside']);
  release();
  await Promise.all([first, second].map(({ id }) => tasks.ended(id)));
  expect(order).toEqual(['first begins', 'beside', 'first ends', 'second']);
  await tasks.close();
});

it('ends a waiting task that is cancelled', async () => {
  const tasks = makeTasks();
  tasks.start(options('export'), (signal) => {
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve(null)));
  });
  const second = tasks.start(options('export'), (signal) => {
    signal.throwIfAborted();
    return Promise.resolve();
  });
  await Promise.resolve();
  tasks.cancel(second.id);
  expect(await tasks.ended(second.id)).toMatchObject({ state: 'cancelled' });
  await tasks.close();
});
