/** The reader `manifest`: a table (CSV or Parquet) that names each label's image, mask and structure. */
import { readdir } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { z } from 'zod';
import { UserError, oneLine } from '../../../errors.ts';
import { caseOf } from '../../import/case.ts';
import { checkedOptions } from '../../import/options.ts';
import type { Coding } from '../../masks/coding.ts';
import { binaryLabel, valueLabels } from '../../masks/label-files.ts';
import type { ReadValues } from '../../masks/label-files.ts';
import { Recent } from '../../tree/recent-files.ts';
import { cellOf, looksLikeManifest, manifestIn, planManifest } from './plan.ts';
import type { Column, ManifestPlan, PlannedCase, PlannedLabel } from './plan.ts';
import { leftOut } from '../../import/notices.ts';
import { isWithin } from '../../tree/places.ts';
import { Steps } from '../../import/steps.ts';
import { orderStructures, withColours } from '../../tree/structures.ts';
import type {
  CaseSource,
  DatasetListing,
  DatasetReader,
  LabelSource,
  Looking,
} from '../../types.ts';

/** `manifest`: the file, named by a person, whose absolute paths are followed. */
export const ManifestOptions = z.object({ manifest: z.string().optional() });

/** Kept with the project. */
export const ManifestLayout = z.object({
  /** Name of the manifest in the dataset's root. */
  file: z.string(),
  /** Whether a person named it. */
  named: z.boolean(),
  /** Folders beside the root that it is read from, absolute. */
  outside: z.array(z.string()),
});
export type ManifestLayout = z.infer<typeof ManifestLayout>;

/** The structures of one multi-valued file, as the manifest's values say. */
export function codingIn(labels: readonly PlannedLabel[], mask: string): Coding {
  return labels
    .filter((label) => label.mask === mask && label.values.length > 0)
    .map(({ structure, values }) => ({ structure, values }));
}

function labelsOf({ labels }: PlannedCase, cache: Recent<ReadValues>): LabelSource[] {
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

/** What the rows of a case say in one column: each different text once. */
function said(plan: ManifestPlan, { rows }: PlannedCase, column: Column): string[] {
  return [...new Set(rows.map((row) => cellOf(plan, row, column)))].filter((text) => text !== '');
}

function caseIn(plan: ManifestPlan, planned: PlannedCase, cache: Recent<ReadValues>): CaseSource {
  const first = (column: Column) => said(plan, planned, column)[0] ?? null;
  const annotators = said(plan, planned, 'annotator');
  return caseOf(planned.id, planned.image, labelsOf(planned, cache), first('split'), {
    // Of several people each drew some of the structures.
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
  const file = manifest === undefined ? await found(source) : resolve(source, manifest);
  const root = dirname(file);
  const plan = await planManifest(file, manifest !== undefined, looking);
  const notices = [...plan.notices];
  const cache = new Recent<ReadValues>();
  const cases: CaseSource[] = [];
  const outside = new Set<string>();
  // Nothing more is counted.
  const steps = new Steps(0, looking);
  for (const planned of plan.cases) {
    await steps.take(0);
    const { image, labels } = planned;
    for (const column of ['split', 'patient', 'study'] as const) {
      if (said(plan, planned, column).length < 2) continue;
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
  return {
    root,
    folders: [root, ...outside],
    structures: withColours(orderStructures([...names])),
    notices,
    cases,
    places: null,
    layout,
  };
}

async function found(source: string): Promise<string> {
  const root = resolve(source);
  const file = manifestIn(root, await readdir(root).catch(() => []));
  if (file !== null) return file;
  throw new UserError(
    `${root} has no manifest.csv or manifest.parquet: name its file (--manifest).`,
  );
}

/** A table of images, masks and structures; options: `ManifestOptions`. */
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
