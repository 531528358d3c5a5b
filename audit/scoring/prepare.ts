/** Reads one case from disk and resamples it to the networks' resolution. */
import { readImageFile } from '../codecs/index.ts';
import { UserError } from '../errors.ts';
import type { Mask } from '../imaging/types.ts';
import { toSample } from '../samples/pack.ts';
import type { Sample } from '../../models/sampleset.ts';
import type { CaseTask, ScoreNotice } from './types.ts';

export interface PreparedCase {
  readonly task: CaseTask;
  readonly sample: Sample;
}

/**
 * A case ready for the networks, or null if it cannot be scored. The notice says why it cannot be scored, or
 * that its image has changed; null if there is nothing to say.
 */
export interface Preparation {
  readonly prepared: PreparedCase | null;
  readonly notice: ScoreNotice | null;
}

/**
 * Decodes and resamples a case. It gives a notice for an image or mask that cannot be read, and for an
 * image that changed since the import. A changed image is scored if it still has its old size.
 */
export async function prepareCase(
  task: CaseTask,
  readMask: (hash: string) => Promise<Mask>,
  width: number,
  height: number,
): Promise<Preparation> {
  const notice = (reason: string): ScoreNotice => ({ case: task.id, reason });
  try {
    const { image, hash } = await readImageFile(task.imageFile);
    if (image.width !== task.width || image.height !== task.height) {
      const reason =
        `${task.imageFile} is ${image.width} × ${image.height} pixels now, ` +
        `but was ${task.width} × ${task.height} at the import: put the old file back.`;
      return { prepared: null, notice: notice(reason) };
    }
    const labels: (Mask | null)[] = [];
    for (const mask of task.masks) labels.push(mask === null ? null : await readMask(mask));
    const prepared = { task, sample: toSample({ image, labels }, width, height) };
    const changed =
      hash === task.imageHash
        ? null
        : notice(`${task.imageFile} has changed since the import; it was scored as it is now.`);
    return { prepared, notice: changed };
  } catch (error) {
    if (error instanceof UserError) return { prepared: null, notice: notice(error.message) };
    throw error;
  }
}
