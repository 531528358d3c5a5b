/**
 * A thread that scores: it has both networks and reads the cases of a chunk itself, so no pixel
 * crosses between threads and the main thread stays free (ONNX Runtime blocks the one it runs on).
 */
import { parentPort, workerData } from 'node:worker_threads';
import { UserError } from '../errors.ts';
import { MaskFiles } from '../store/maskfiles.ts';
import { maskOfBits } from '../store/masks.ts';
import { scoreLabels } from './labels.ts';
import { openNetworks } from './networks.ts';
import { prepareCase } from './prepare.ts';
import type { CaseTask, ChunkResult, ScoreNotice, WorkerMessage, WorkerSetup } from './types.ts';

const setup = workerData as WorkerSetup;
const port = parentPort!;
const networks = openNetworks(setup.qam, setup.segmenter);
// A network that cannot be opened is told with the first chunk, which waits for it.
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
      open.width,
      open.height,
    );
    if (result.notice) notices.push(result.notice);
    if (result.prepared) prepared.push(result.prepared);
  }
  const scores = prepared.length > 0 ? await scoreLabels(open, prepared) : [];
  return { cases: tasks.length, scores, notices };
}

function failure(error: unknown): WorkerMessage {
  const user = error instanceof UserError;
  const message =
    error instanceof Error ? ((user ? null : error.stack) ?? error.message) : String(error);
  return { type: 'failed', message, user };
}

// The main thread sends one chunk at a time, and null when there is no more.
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
    .catch(failure)
    .then((message) => port.postMessage(message));
});
