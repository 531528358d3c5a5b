/**
 * Makes a dataset for experiments without patient data: phantoms (made X-rays) with right labels. Some may
 * have a lesion, and some labels of lesions may be wrong.
 */
import { join } from 'node:path';
import { writePhantomDataset } from '../phantoms/dataset.ts';
import type { PhantomDatasetOptions } from '../phantoms/dataset.ts';
import { writeJson } from '../training/json.ts';
import type { Splits } from './dataset.ts';

/** Share of the cases for testing. These are the last cases; phantoms are independent, so any would do. */
const TEST_SHARE = 0.2;

/** The number of phantoms to make so that `training` of them are for training. */
export const phantomsFor = (training: number): number => Math.round(training / (1 - TEST_SHARE));

/**
 * Writes phantoms and `splits.json` to `out`. After an interruption, the same call continues.
 * @throws UserError when `out` holds other files
 */
export async function writePhantomExperiment(
  out: string,
  options: Omit<PhantomDatasetOptions, 'errorShare'>,
): Promise<Splits> {
  const { cases } = await writePhantomDataset(out, { ...options, errorShare: 0 });
  const training = cases.length - Math.max(1, Math.round(TEST_SHARE * cases.length));
  const splits = { train: cases.slice(0, training), test: cases.slice(training) };
  await writeJson(join(out, 'splits.json'), splits);
  return splits;
}
