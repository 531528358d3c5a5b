/** Copies a sample set with other splits, without decoding images again. */
import { SampleSet, writeSampleSet } from '../../models/sampleset.ts';
import type { Sample, SampleSetManifest } from '../../models/sampleset.ts';

type Split = SampleSetManifest['cases'][number]['split'];

/**
 * Copies the sample set at `from` to `to`.
 * @param splitOf the new split of a case, or null to leave it out
 * @param corrected cases whose labels are replaced by their true masks; the sample set must hold the
 *   true masks
 */
export async function recutSampleSet(
  from: string,
  to: string,
  splitOf: (id: string, split: Split) => Split | null,
  corrected: ReadonlySet<string> = new Set(),
): Promise<void> {
  const set = await SampleSet.open(from);
  try {
    const { cases: all, structures } = set.manifest;
    const kept = all.flatMap((item, index) => {
      const split = splitOf(item.id, item.split);
      if (split === null) return [];
      const masks = corrected.has(item.id) ? structures.map(() => 'true') : item.masks;
      return [{ index, item: { ...item, split, masks } }];
    });
    async function* samples(): AsyncGenerator<Sample> {
      for (const { index, item } of kept) {
        const sample = await set.read(index);
        const labels = corrected.has(item.id) ? (sample.truth ?? sample.labels) : sample.labels;
        yield { ...sample, labels };
      }
    }
    await writeSampleSet(to, { ...set.manifest, cases: kept.map(({ item }) => item) }, samples());
  } finally {
    await set.close();
  }
}
