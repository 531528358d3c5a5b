/** The reader `manifest`: reads a table with a row per label, which names its image, mask and structure. */
import { readdir } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { z } from 'zod';
import { UserError, oneLine } from '../../../errors.ts';
import { caseOf } from '../../import/case.ts';
import { checkedOptions } from '../../import/options.ts';
import type { Coding } from '../../masks/coding.ts';
import { binaryLabel, valueLabels } from '../../masks/label-files.ts';
import type { ReadValues } from '../../masks/label-files.ts';
import { RecentFiles } from '../../tree/recent-files.ts';
import { cellIn, looksLikeManifest, manifestIn, planManifest } from './plan.ts';
import type { ManifestColumn, ManifestPlan, PlannedCase, PlannedLabel } from './plan.ts';
import { listingOf } from '../../import/listing.ts';
import { leftOut } from '../../import/notices.ts';
import { isWithin } from '../../tree/places.ts';
import { Steps } from '../../import/steps.ts';
import { orderStructures } from '../../tree/structures.ts';
import type {
  CaseSource,
  DatasetListing,
  DatasetReader,
  LabelSource,
  Looking,
} from '../../types.ts';

/**
 * `manifest`: the path of the manifest, if a person named it. Only then may absolute paths in it lead out
 * of its folder.
 */
const ManifestOptions = z.object({ manifest: z.string().optional() });

/** The facts that an export needs from the import; the project stores them. */
export const ManifestLayout = z.object({
  /** Name of the manifest in the dataset's root. */
  file: z.string(),
  /** Whether a person named the manifest. If so, absolute paths in it may lead out of its folder. */
  named: z.boolean(),
  /** Absolute paths of the folders outside the root that hold images or masks. */
  outside: z.array(z.string()),
});
export type ManifestLayout = z.infer<typeof ManifestLayout>;

/** The coding of one multi-valued mask, from the values in the manifest. */
export function codingIn(labels: readonly PlannedLabel[], mask: string): Coding {
  return labels
    .filter((label) => label.mask === mask && label.values.length > 0)
    .map(({ structure, values }) => ({ structure, values }));
}

function labelsOf({ labels }: PlannedCase, cache: RecentFiles<ReadValues>): LabelSource[] {
  const shared = new Map<string, LabelSource[]>();
  return labels.flatMap(({ structure, mask, values }) => {
    if (values.length === 0) return [binaryLabel(structure, mask)];
    const all =
      shared.get(mask) ??
      valueLabels(mask, codingIn(labels, mask), cache, { legend: 'the manifest' });
    shared.set(mask, all);
    return all.filter((label) => label.structure === structure);
  });
}

/** The different texts in one column of a case's rows, without empty cells. */
function textsIn(plan: ManifestPlan, { rows }: PlannedCase, column: ManifestColumn): string[] {
  return [...new Set(rows.map((row) => cellIn(plan, row, column)))].filter((text) => text !== '');
}

function caseIn(
  plan: ManifestPlan,
  planned: PlannedCase,
  cache: RecentFiles<ReadValues>,
): CaseSource {
  const first = (column: ManifestColumn) => textsIn(plan, planned, column)[0] ?? null;
  const annotators = textsIn(plan, planned, 'annotator');
  return caseOf(planned.id, planned.image, labelsOf(planned, cache), first('split'), {
    // If there are several annotators, each drew some of the structures, so all of them are named.
    annotator: annotators.length === 0 ? null : annotators.join(', '),
    patient: first('patient'),
    study: first('study'),
  });
}

async function open(
  source: string,
  options: Readonly<Record<string, unknown>>,
  looking: Looking = {},
): Promise<DatasetListing> {
  const { manifest } = checkedOptions(ManifestOptions, options);
  const file = manifest === undefined ? await findManifest(source) : resolve(source, manifest);
  const root = dirname(file);
  const plan = await planManifest(file, manifest !== undefined, looking);
  const notices = [...plan.notices];
  const cache = new RecentFiles<ReadValues>();
  const cases: CaseSource[] = [];
  const outside = new Set<string>();
  // These steps count nothing and only allow a cancellation: `planManifest` has already counted the bytes.
  const steps = new Steps(0, looking);
  for (const planned of plan.cases) {
    await steps.take(0);
    const { image, labels } = planned;
    for (const column of ['split', 'patient', 'study'] as const) {
      if (textsIn(plan, planned, column).length < 2) continue;
      const reason = `has several texts as its “${column}” in the manifest: the first is taken.`;
      notices.push({ kind: 'changed', file: oneLine(image), reason });
    }
    for (const path of [image, ...labels.map(({ mask }) => mask)]) {
      if (!isWithin(path, root)) outside.add(dirname(path));
    }
    if (labels.length > 0) cases.push(caseIn(plan, planned, cache));
    else notices.push(leftOut(image, 'has no mask of any structure.'));
  }
  if (cases.length === 0) {
    const first = notices[0];
    const why = first === undefined ? `${file} has no row.` : `${first.file} ${first.reason}`;
    throw new UserError(why.replace(/\.$/, ': no label is left to import.'));
  }
  const names = new Set(cases.flatMap(({ labels }) => labels.map(({ structure }) => structure)));
  const layout: ManifestLayout = {
    file: basename(file),
    named: manifest !== undefined,
    outside: [...outside],
  };
  const structures = orderStructures([...names]);
  return listingOf({ root, folders: [root, ...outside], structures, notices, cases, layout });
}

async function findManifest(source: string): Promise<string> {
  const root = resolve(source);
  const file = manifestIn(root, await readdir(root).catch(() => []));
  if (file !== null) return file;
  throw new UserError(
    `${root} has no manifest.csv or manifest.parquet: name its file (--manifest).`,
  );
}

/** The reader `manifest`; its options are `ManifestOptions`. */
export const manifestReader: DatasetReader = {
  options: ['manifest'],
  looksFor: 'a table “manifest.csv” or “manifest.parquet”',
  guess: async (source) => {
    const root = resolve(source);
    const file = manifestIn(root, await readdir(root).catch(() => []));
    if (file === null || !(await looksLikeManifest(file))) return null;
    return { confidence: 0.9, because: `it has a manifest (${basename(file)})` };
  },
  open,
};
