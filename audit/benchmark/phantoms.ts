/** Data for an experiment that may be shown to everybody: phantoms, every label right. */
import { join } from 'node:path';
import { writePhantomDataset } from '../phantoms/dataset.ts';
import type { PhantomDatasetOptions } from '../phantoms/dataset.ts';
import { writeJson } from '../training/json.ts';
import type { Splits } from './dataset.ts';

/** Of the cases, for testing; no phantom is like another, so that the last ones will do. */
const TEST_SHARE = 0.2;

/**
 * Writes phantoms and `splits.json` to `out`, or goes on with what an earlier call began.
 * @throws UserError when `out` holds something else.
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
