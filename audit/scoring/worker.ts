/**
 * A thread that scores. It opens both networks and reads the cases of a chunk itself: no pixels pass
 * between threads, and ONNX Runtime, which blocks its thread, does not block the main thread.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { failureOf } from './failure.ts';
import { MaskFiles } from '../store/maskfiles.ts';
import { maskOfBits } from '../store/masks.ts';
import { OpenPairs } from './pairs.ts';
import { prepareCase } from './prepare.ts';
import type { CaseTask, ChunkResult, ScoreNotice, WorkerMessage, WorkerSetup } from './types.ts';

const setup = workerData as WorkerSetup;
const port = parentPort!;
const networks = OpenPairs.open(setup.pairs);
// Ignores a failure to open the networks here: `scoreChunk` waits for the networks and reports the failure.
networks.catch(() => undefined);
const masks = new MaskFiles(setup.labels);

async function scoreChunk(tasks: readonly CaseTask[]): Promise<ChunkResult> {
  const open = await networks;
  const notices: ScoreNotice[] = [];
  const prepared = [];
  for (const task of tasks) {
    const result = await prepareCase(
      task,
      async (hash) => maskOfBits(await masks.read(hash)),
      open.shape.width,
      open.shape.height,
    );
    if (result.notice) notices.push(result.notice);
    if (result.prepared) prepared.push(result.prepared);
  }
  const scores = prepared.length > 0 ? await open.scoreLabels(prepared) : [];
  return { cases: tasks.length, scores, notices };
}

// The main thread sends one chunk at a time, and null after the last one.
port.on('message', (tasks: readonly CaseTask[] | null) => {
  if (tasks === null) {
    networks
      .then((open) => open.close())
      .catch(() => undefined)
      .finally(() => port.close());
    return;
  }
  void scoreChunk(tasks)
    .then((result): WorkerMessage => ({ type: 'scored', ...result }))
    .catch(failureOf)
    .then((message) => port.postMessage(message));
});
