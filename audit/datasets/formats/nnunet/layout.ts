/** The folders of nnU-Net, the schemas of its JSON files, and the layout that an export needs. */
import { z } from 'zod';
import { UserError } from '../../../errors.ts';
import { structureNameOf } from '../../tree/structures.ts';

export const DATASET_FILE = 'dataset.json';
export const FOLDS_FILE = 'splits_final.json';

/**
 * The facts that an export needs from the import; the project stores them. Folders are relative to the
 * dataset's root, with `/`.
 */
export const NnunetLayout = z.object({
  sets: z.array(
    z.object({
      images: z.string(),
      /** The folder of labels: `from` in the dataset, `to` below the export's root. */
      labels: z.object({ from: z.string(), to: z.string() }),
    }),
  ),
  structures: z.array(z.object({ structure: z.string(), values: z.array(z.number().int()) })),
});
export type NnunetLayout = z.infer<typeof NnunetLayout>;

/** nnU-Net's folders of images and their labels. */
export const NNUNET_SETS = [
  { images: 'imagesTr', labels: 'labelsTr' },
  { images: 'imagesTs', labels: 'labelsTs' },
] as const;

/** `labels` is {"1": "lung"} in version 1; {"lung": 1} or, for regions, {"whole": [1, 2]} in version 2. */
export const DatasetJson = z.looseObject({
  labels: z.record(z.string(), z.union([z.string(), z.number(), z.array(z.number())])),
});

/** nnU-Net's list of folds. */
export const Folds = z.array(z.object({ train: z.array(z.string()), val: z.array(z.string()) }));

/** Labels that are not structures: background, and regions to be ignored. */
const NO_STRUCTURE = /^(background|ignore)$/i;
const HIGHEST = 65535;

/**
 * The structures in `labels` and their values. Structures with several values (regions) may overlap.
 * @throws UserError when there is no structure, or a name or value is wrong.
 */
export function nnunetCoding(
  file: string,
  labels: z.infer<typeof DatasetJson>['labels'],
): NnunetLayout['structures'] {
  const coding = Object.entries(labels).flatMap(([key, value]) => {
    const [name, given] = typeof value === 'string' ? [value, Number(key)] : [key, value];
    const values = [given].flat().filter((one) => one !== 0);
    if (NO_STRUCTURE.test(name) || values.length === 0) return [];
    const wrong = values.find((one) => !Number.isInteger(one) || one < 0 || one > HIGHEST);
    if (wrong !== undefined) {
      throw new UserError(
        `${file} gives “${name}” the value ${wrong}: it must be whole, from 1 to ${HIGHEST}.`,
      );
    }
    return [{ structure: structureNameOf(name), values }];
  });
  const names = new Set(coding.map(({ structure }) => structure));
  if (names.size === 0) throw new UserError(`${file} names no structure in its “labels”.`);
  if (names.size < coding.length) {
    throw new UserError(`${file} names a structure twice in its “labels”: rename one.`);
  }
  return coding;
}

/**
 * Splits `case_0000` into the case's name and the channel's number. `channel` is null if the name has no
 * number.
 */
export function channelOf(id: string): { name: string; channel: number | null } {
  const parts = /^(.+)_(\d{4})$/.exec(id);
  return parts === null
    ? { name: id, channel: null }
    : { name: parts[1], channel: Number(parts[2]) };
}
