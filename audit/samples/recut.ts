/** The same samples under other splits: how folds are cut without decoding an image again. */
import { SampleSet, writeSampleSet } from '../../models/sampleset.ts';
import type { Sample, SampleSetManifest } from '../../models/sampleset.ts';

type Split = SampleSetManifest['cases'][number]['split'];

/** Copies the sample set at `from` to `to`; `splitOf` says where each case goes that was in `split`. */
export async function recutSampleSet(
  from: string,
  to: string,
  splitOf: (id: string, split: Split) => Split,
): Promise<void> {
  const set = await SampleSet.open(from);
  try {
    const cases = set.manifest.cases.map((item) => ({
      ...item,
      split: splitOf(item.id, item.split),
    }));
    async function* samples(): AsyncGenerator<Sample> {
      for (let index = 0; index < cases.length; index += 1) yield await set.read(index);
    }
    await writeSampleSet(to, { ...set.manifest, cases }, samples());
  } finally {
    await set.close();
  }
}
