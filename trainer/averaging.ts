/**
 * Averages the weights of the last epochs. The mean is exported, because it is steadier than the networks
 * of any single epoch (Izmailov et al., "Averaging weights leads to wider optima", UAI 2018).
 */
import { join } from 'node:path';
import { readTensors, writeTensors } from '../models/safetensors.ts';
import { averageWeights } from '../models/weights.ts';
import type { Weights } from '../models/weights.ts';
import { checkpointEpochs, loadCheckpoint } from './checkpoint.ts';
import type { Checkpoint, TrainingState } from './checkpoint.ts';
import type { Learner } from './learner.ts';
import type { TrainConfig } from './messages.ts';
import { growingEpochs } from './schedule.ts';
import { RUN_FILES } from '../models/run-files.ts';

export interface Averaged {
  readonly segmenter: Weights;
  readonly qam: Weights;
  /** Number of epochs in the mean. */
  readonly epochs: number;
}

/**
 * The mean of the weights in the last `config.averageEpochs` checkpoints. It leaves out the epochs before
 * the QAM had its full say and the first one with it; the last epoch always counts. After a mean of several epochs the batch statistics must be measured again
 * (`remeasureStatistics`).
 */
export async function averageCheckpoints(
  runFolder: string,
  state: TrainingState,
  config: TrainConfig,
): Promise<Averaged> {
  const joined = state.warmUpEnded ?? 0;
  const firstLearned = config.qam ? joined + growingEpochs(config, joined) + 2 : 0;
  const epochs = (await checkpointEpochs(runFolder))
    .filter((epoch) => epoch >= firstLearned || epoch === state.epoch)
    .slice(-config.averageEpochs);
  const checkpoints: Checkpoint[] = [];
  for (const epoch of epochs) checkpoints.push(await loadCheckpoint(runFolder, epoch));
  return {
    segmenter: averageWeights(checkpoints.map((one) => one.segmenter)),
    qam: averageWeights(checkpoints.map((one) => one.qam)),
    epochs: checkpoints.length,
  };
}

/** Writes the averaged networks into the run folder, where a later training can start from them. */
export async function writeAveraged(runFolder: string, learner: Learner): Promise<void> {
  const arrays: Weights = new Map();
  for (const network of [learner.segmenter, learner.qam]) {
    for (const [name, values] of await network.weights()) {
      arrays.set(`${network.graph.name}:${name}`, values);
    }
  }
  await writeTensors(join(runFolder, RUN_FILES.weights), { arrays, metadata: {} });
}

/**
 * Reads the averaged weights of both networks from a run folder.
 * @throws Error whose message is one sentence, if the file of the weights is missing or damaged
 */
export async function readAveraged(
  runFolder: string,
): Promise<{ segmenter: Weights; qam: Weights }> {
  const { arrays } = await readTensors(join(runFolder, RUN_FILES.weights));
  const weightsOf = (network: 'segmenter' | 'qam'): Weights =>
    new Map(
      [...arrays].flatMap(([name, values]): [string, Float32Array][] =>
        name.startsWith(`${network}:`) ? [[name.slice(network.length + 1), values]] : [],
      ),
    );
  return { segmenter: weightsOf('segmenter'), qam: weightsOf('qam') };
}
