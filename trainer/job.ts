/** One training job from start to the exported files of its run folder. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../models/files.ts';
import { exportOnnx } from '../models/onnx/export.ts';
import { modelMetadata } from '../models/onnx/metadata.ts';
import { writeAveraged } from './averaging.ts';
import { openBackend } from './backends/index.ts';
import { checkpointFiles } from './checkpoint.ts';
import type { HeldOut, TrainerJob, TrainerMessage } from './messages.ts';
import { RUN_FILES } from '../models/run-files.ts';
import { train } from './training.ts';
import type { Control } from './training.ts';

/**
 * Trains, then writes `segmenter.onnx`, `qam.onnx`, `weights.safetensors`, `held-out.json` and, last of all,
 * `run.json`.
 * So a run folder with a `run.json` is complete.
 * @returns the content of `run.json`
 */
export async function runTrainJob(
  job: Extract<TrainerJob, { type: 'train' }>,
  emit: (message: TrainerMessage) => void,
  control: Control,
): Promise<Record<string, unknown>> {
  const { runFolder, config } = job;
  await mkdir(runFolder, { recursive: true });
  const backend = await openBackend(job.backend, (line) => emit({ type: 'notice', message: line }));
  const { learner, set, heldOut, summary } = await train(backend, job, emit, control);
  const { structures, width, height } = set.manifest;
  const networks = config.qam ? [learner.segmenter, learner.qam] : [learner.segmenter];
  for (const network of networks) {
    const kind = network.graph.name;
    const { scores, seesProposal } = config;
    const variant = kind === 'qam' ? { scores, seesProposal } : {};
    const metadata = modelMetadata({ kind, structures, width, height, run: job.runId, ...variant });
    const bytes = exportOnnx(network.graph, await network.weights(), { width, height, metadata });
    const file = RUN_FILES[kind];
    await writeDurably(join(runFolder, file), (handle) => handle.writeFile(bytes));
    emit({ type: 'exported', file });
  }
  await writeAveraged(runFolder, learner);
  const unseen: HeldOut = { version: 1, cases: [...heldOut] };
  await writeDurably(join(runFolder, RUN_FILES.heldOut), (handle) =>
    handle.writeFile(`${JSON.stringify(unseen)}\n`),
  );
  const result = {
    run: job.runId,
    backend: backend.name,
    device: backend.device,
    structures,
    width,
    height,
    config,
    ...summary,
  };
  await writeDurably(join(runFolder, RUN_FILES.summary), (handle) =>
    handle.writeFile(`${JSON.stringify(result, null, 2)}\n`),
  );
  // The checkpoints are not needed any more: the files above hold their average.
  for (const file of await checkpointFiles(runFolder)) await rm(file, { force: true });
  await set.close();
  return result;
}
