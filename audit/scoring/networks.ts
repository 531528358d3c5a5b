/** Opens the two networks of a run, or a QAM alone, for scoring; checks that the two belong together. */
import { UserError } from '../errors.ts';
import { structureNamed } from '../store/structures.ts';
import type { ProjectReader } from '../store/types.ts';
import { openModel } from '../../models/onnx/inference.ts';
import type { OpenModel } from '../../models/onnx/inference.ts';

/** The size and the structures of a network's input; the QAM and the segmenter of a run have the same. */
export interface ModelShape {
  readonly width: number;
  readonly height: number;
  /** The names of the structures, in the order of their planes. */
  readonly structures: readonly string[];
}

export interface Segmenter extends ModelShape {
  /**
   * @param images [batch, height, width], z-scored
   * @returns probabilities [batch, structures, height, width]
   */
  segment(images: Float32Array, batch: number): Promise<Float32Array>;
  close(): Promise<void>;
}

export interface Networks extends ModelShape {
  /**
   * @param planes [batch, n + 1, height, width] with n structures: the image, z-scored, then the labels. If
   *   `seesProposal`, n more planes follow with the segmenter's probabilities
   * @returns [batch, scores]
   */
  quality(planes: Float32Array, batch: number): Promise<Float32Array>;
  /** The number of scores that the QAM gives a case: 1, or one for each structure. */
  readonly scores: number;
  readonly seesProposal: boolean;
  /** Null if the QAM scores alone. */
  readonly segmenter: Segmenter | null;
  close(): Promise<void>;
}

/** Each worker opens its own networks, with one thread each; that scales better than shared networks. */
const OPTIONS = { threads: 1 };

async function openKind(path: string, kind: OpenModel['kind']): Promise<OpenModel> {
  let model: OpenModel;
  try {
    model = await openModel(path, OPTIONS);
  } catch (error) {
    // The message of `openModel` is already one sentence for a person.
    throw new UserError((error as Error).message, { cause: error });
  }
  if (model.kind === kind) return model;
  await model.close();
  throw new UserError(`${path} is a ${model.kind}, not a ${kind}: give the ${kind}.onnx of a run.`);
}

/**
 * Opens a segmenter by itself.
 * @throws UserError when the file is not a segmenter.
 */
export async function openSegmenter(path: string): Promise<Segmenter> {
  const model = await openKind(path, 'segmenter');
  return {
    width: model.width,
    height: model.height,
    structures: model.structures,
    segment: async (images, batch) => (await model.run(images, batch)).probabilities,
    close: () => model.close(),
  };
}

const list = (names: readonly string[]): string => names.join(', ');

/**
 * Opens the networks to score with.
 * @throws UserError when a file is not a network of its kind, or the two do not belong together.
 */
export async function openNetworks(qam: string, segmenter: string | null): Promise<Networks> {
  const model = await openKind(qam, 'qam');
  const { width, height, structures } = model;
  let beside: Segmenter | null = null;
  try {
    if (segmenter !== null) beside = await openSegmenter(segmenter);
    if (model.seesProposal && segmenter === null) {
      throw new UserError(
        `${qam} also needs the segmenter's output: give the segmenter.onnx of the same run.`,
      );
    }
    if (beside && (beside.width !== width || beside.height !== height)) {
      throw new UserError(
        `${qam} works at ${width} × ${height} and ${segmenter} at ${beside.width} × ` +
          `${beside.height} pixels: give both files of one run.`,
      );
    }
    if (beside && beside.structures.join('\0') !== structures.join('\0')) {
      throw new UserError(
        `${qam} knows ${list(structures)} and ${segmenter} knows ${list(beside.structures)}: ` +
          'give both files of one run.',
      );
    }
  } catch (error) {
    await beside?.close();
    await model.close();
    throw error;
  }
  return {
    width,
    height,
    structures,
    scores: model.scores,
    seesProposal: model.seesProposal,
    quality: async (planes, batch) => (await model.run(planes, batch)).score,
    segmenter: beside,
    close: async () => {
      await beside?.close();
      await model.close();
    },
  };
}

/**
 * Checks that a project has or had all structures that a QAM judges, under these names or others.
 * @throws UserError when it never had one
 */
export function checkStructures(
  qam: string,
  { structures }: ModelShape,
  project: Pick<ProjectReader, 'structures' | 'allStructures' | 'name'>,
): void {
  const names = project.structures.map(({ name }) => name);
  if (structures.some((name) => structureNamed(project.allStructures, name) === undefined)) {
    throw new UserError(
      `${qam} judges ${list(structures)}, but the project "${project.name}" has ${list(names)}: ` +
        'use a model that was trained on these structures.',
    );
  }
}
