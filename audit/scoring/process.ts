/**
 * The scorer's process: opens the networks, then scores chunks on worker threads or plants errors, until
 * its parent ends it.
 */
import { openChannel } from '../../trainer/channel.ts';
import { SampleSet } from '../../models/sampleset.ts';
import { failureOf } from './failure.ts';
import { OpenPairs } from './pairs.ts';
import { scoreChunks } from './pool.ts';
import type { CaseTask, FromScorer, ToScorer, WorkerSetup } from './types.ts';

type Next = IteratorResult<readonly CaseTask[], undefined>;

/**
 * One function for each thread that waits for a chunk, the longest wait first. It hands the thread the chunk
 * that the parent sends.
 */
const waiting: ((next: Next) => void)[] = [];
let opened: { setup: WorkerSetup; threads: number } | null = null;

const channel = openChannel((message) => void take(message as ToScorer));
const send = (message: FromScorer): void => channel.send(message);

const chunks: AsyncIterator<readonly CaseTask[], undefined> = {
  next: () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      send({ type: 'want' });
    }),
};

async function open(setup: WorkerSetup, threads: number): Promise<void> {
  const networks = await OpenPairs.open(setup.pairs);
  await networks.close();
  const { width, height, structures } = networks.shape;
  opened = { setup, threads };
  send({ type: 'opened', width, height, structures });
}

async function score(): Promise<void> {
  if (opened === null) throw new Error('no networks are open');
  const { setup, threads } = opened;
  await scoreChunks(setup, chunks, (result) => send({ type: 'scored', result }), { threads });
  send({ type: 'done' });
}

async function plant(samples: string, trusted: readonly string[]): Promise<void> {
  if (opened === null) throw new Error('no networks are open');
  const networks = await OpenPairs.open(opened.setup.pairs);
  const set = await SampleSet.open(samples);
  const planted = await networks.plantErrors({
    set,
    trusted: new Set(trusted),
    onProgress: (done, total) => send({ type: 'planting', done, total }),
  });
  await set.close();
  await networks.close();
  send({ type: 'planted', planted });
  send({ type: 'done' });
}

async function take(message: ToScorer): Promise<void> {
  try {
    if (message.type === 'open') await open(message.setup, message.threads);
    else if (message.type === 'score') await score();
    else if (message.type === 'plant') await plant(message.samples, message.trusted);
    else {
      const { tasks } = message;
      waiting.shift()?.(tasks ? { done: false, value: tasks } : { done: true, value: undefined });
    }
  } catch (error) {
    send(failureOf(error));
  }
}

// Ctrl-C reaches all processes of the group. This one ignores it: the parent decides whether it ends.
process.on('SIGINT', () => undefined);
