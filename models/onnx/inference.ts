/** Opens an exported network for scoring with ONNX Runtime. */
import { readFile } from 'node:fs/promises';
import './quiet.ts';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { PREPROCESSING } from '../preprocess.ts';
import { qamChannels } from '../qam.ts';
import { checkBounds } from './bounds.ts';
import { readMetadata } from './metadata.ts';
import type { ModelMetadata } from './metadata.ts';
import { decodeModel } from './schema.ts';

export interface OpenModel {
  readonly kind: 'segmenter' | 'qam';
  /** The structures, in the order of the label planes. */
  readonly structures: readonly string[];
  readonly width: number;
  readonly height: number;
  /** The id of the run that trained the network. */
  readonly runId: string;
  /** The number of scores that a QAM gives a case: 1, or one for each structure. 1 for a segmenter. */
  readonly scores: number;
  /** Whether a QAM needs the segmenter's probabilities in addition to the labels. False for a segmenter. */
  readonly seesProposal: boolean;
  /**
   * @param input segmenter: [batch, 1, height, width], z-scored images; qam: [batch, n + 1, height,
   * width], the image and then the label planes; with `seesProposal`, n planes of probabilities follow
   * @returns segmenter: `probabilities` [batch, n, height, width]; qam: `score` [batch, scores] and
   * `quality_map` [batch, scores, h, w]
   */
  run(input: Float32Array, batch: number): Promise<Record<string, Float32Array>>;
  close(): Promise<void>;
}

/**
 * @param options.threads number of ONNX Runtime's threads; by default ONNX Runtime chooses
 * @throws Error whose message is one sentence when the file is missing, is no network exported by Overread, or was made
 *   for another preprocessing
 */
export async function openModel(
  path: string,
  options: { threads?: number } = {},
): Promise<OpenModel> {
  const bytes = await readFile(path).catch(() => {
    throw new Error(`${path} cannot be read: give the path of an exported .onnx file.`);
  });
  let found: ModelMetadata;
  let session: InferenceSession;
  try {
    const model = decodeModel(bytes);
    found = readMetadata(model);
    checkBounds(model, [channelsOf(found), found.height, found.width]);
    session = await InferenceSession.create(bytes, {
      ...(options.threads ? { intraOpNumThreads: options.threads } : {}),
      logSeverityLevel: 3,
    });
  } catch (error) {
    throw new Error(`${path} is not a network exported by Overread: give its qam.onnx.`, {
      cause: error,
    });
  }
  if (found.preprocessing !== JSON.stringify(PREPROCESSING)) {
    throw new Error(
      `${path} was made for other preprocessing (${found.preprocessing}): train again with this version.`,
    );
  }
  const { kind, structures, width, height, run: runId } = found;
  const seesProposal = found.sees === 'proposal';
  const channels = channelsOf(found);
  const [name] = session.inputNames;
  return {
    kind,
    structures,
    width,
    height,
    runId,
    scores: found.scores === 'label' ? structures.length : 1,
    seesProposal,
    run: async (input, batch) => {
      const outputs = await session.run({
        [name]: new Tensor('float32', input, [batch, channels, height, width]),
      });
      return Object.fromEntries(
        Object.entries(outputs).map(([output, tensor]) => [output, tensor.data as Float32Array]),
      );
    },
    close: () => session.release(),
  };
}

/** How many planes the network's input has. */
const channelsOf = ({ kind, structures, sees }: ModelMetadata): number =>
  kind === 'qam' ? qamChannels(structures.length, sees === 'proposal') : 1;
