/** What an export of a manifest could not keep to the pixel. */
import { join } from 'node:path';
import { UserError } from '../../../errors.ts';
import { isFile } from '../../export/target-folder.ts';
import { foreseeBinary } from '../../masks/losses.ts';
import { ManifestLayout, codingIn } from './reader.ts';
import { planManifest } from './plan.ts';
import type { ManifestPlan, PlannedCase, PlannedLabel } from './plan.ts';
import type { ExportedCase, ExportedLabel, ForeseenLoss, WriteOptions } from '../../types.ts';
import { drawValues, isUntouched, lossesIn, readValuesFile } from '../../masks/values.ts';

/** One file of masks with the labels that lie in it, in the order of the manifest's. */
export interface MaskFile {
  /** Absolute. */
  readonly file: string;
  readonly planned: readonly PlannedLabel[];
  readonly labels: readonly ExportedLabel[];
}

/** The files that a case's labels were imported from, and that the manifest still names. */
export function maskFilesOf(item: ExportedCase, { labels: planned }: PlannedCase): MaskFile[] {
  const labelOf = (structure: string) =>
    item.labels.find((label) => label.structure === structure && label.sourceFile !== null);
  return [...new Set(planned.map(({ mask }) => mask))].map((file) => {
    const own = planned.filter(({ mask, structure }) => mask === file && labelOf(structure));
    return { file, planned: own, labels: own.map(({ structure }) => labelOf(structure)!) };
  });
}

async function foreseeFile(
  item: ExportedCase,
  { file, planned, labels }: MaskFile,
): Promise<ForeseenLoss[]> {
  if (planned.length === 0 || isUntouched(labels) || !(await isFile(file))) return [];
  if (planned[0].values.length === 0) return foreseeBinary(item, labels[0]);
  const coding = codingIn(planned, file);
  const drawn = await drawValues(await readValuesFile(file), coding, labels);
  return lossesIn(drawn, coding, { ...item, labels });
}

/** The manifest is read once for all cases that are looked at. */
const plans = new WeakMap<WriteOptions, Promise<ReadonlyMap<string, PlannedCase>>>();

function ownLayout(layout: unknown): ManifestLayout {
  if (layout !== null) return ManifestLayout.parse(layout);
  throw new UserError(
    'Only a dataset that came as manifest is written as manifest: use --format folders.',
  );
}

/**
 * The manifest of a dataset, and its cases by their names.
 * @throws UserError when it cannot be read, or the dataset came in another format.
 */
export async function plannedCases(
  layout: unknown,
  { root }: WriteOptions,
): Promise<{ plan: ManifestPlan; cases: ReadonlyMap<string, PlannedCase> }> {
  const { file, named } = ownLayout(layout);
  const plan = await planManifest(join(root, file), named);
  return { plan, cases: new Map(plan.cases.map((item) => [item.id, item])) };
}

/** A corrected mask is written into its own file, at that file's size and with its values. */
export async function foreseeManifest(
  layout: unknown,
  item: ExportedCase,
  options: WriteOptions,
): Promise<ForeseenLoss[]> {
  const planning = plans.get(options) ?? plannedCases(layout, options).then(({ cases }) => cases);
  plans.set(options, planning);
  const planned = (await planning).get(item.id);
  if (planned === undefined) return [];
  const files = maskFilesOf(item, planned);
  return (await Promise.all(files.map((one) => foreseeFile(item, one)))).flat();
}
