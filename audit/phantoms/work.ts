/** Makes one phantom of a dataset, plants its errors and writes it. */
import { access, mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { encodePng } from '../codecs/png.ts';
import type { Mask } from '../imaging/types.ts';
import { plantError } from '../damage/errors.ts';
import type { PlannedError } from '../damage/errors.ts';
import { plantLesionError } from '../damage/lesions.ts';
import type { PlannedLesionError } from '../damage/lesions.ts';
import { LESION, PHANTOM_STRUCTURES, makePhantom, phantomMasks } from './phantom.ts';
import type { Phantom, PhantomStructure } from './phantom.ts';
import type { TruthError } from '../damage/truth.ts';

export interface PhantomWork {
  readonly folder: string;
  readonly seed: number;
  readonly size: number;
  /** The planned errors of the whole dataset. */
  readonly errors: readonly PlannedError[];
  /** Null for a dataset without the structure `lesion`. */
  readonly lesions: PhantomLesions | null;
}

export interface PhantomLesions {
  /** The cases with a lesion. */
  readonly cases: readonly string[];
  /** The planned errors of the lesions' labels. */
  readonly errors: readonly PlannedLesionError[];
}

const structuresOf = ({ lesions }: PhantomWork): readonly PhantomStructure[] =>
  lesions ? [...PHANTOM_STRUCTURES, LESION] : PHANTOM_STRUCTURES;

/** The name of a case. The first is `phantom-00001`; the zeros make names sort in the order of numbers. */
export function phantomId(index: number): string {
  return `phantom-${String(index + 1).padStart(5, '0')}`;
}

function indexOf(id: string): number {
  return Number(id.slice('phantom-'.length)) - 1;
}

const pngOf = (mask: Mask): Promise<Buffer> =>
  encodePng({ ...mask, bits: 8, data: mask.data.map((v) => v * 255) });

async function write(file: string, bytes: Uint8Array): Promise<void> {
  await writeFile(`${file}.part`, bytes);
  await rename(`${file}.part`, file);
}

/** Makes the folders of a dataset. Folders for true masks are made only if errors are planned. */
export async function makeFolders(work: PhantomWork): Promise<void> {
  const { folder, errors, lesions } = work;
  const structures = structuresOf(work);
  const spoilt = errors.length > 0 || (lesions?.errors ?? []).length > 0 ? structures : [];
  const truth = spoilt.map((structure) => path.join('truth', structure));
  for (const name of ['images', ...structures, ...truth]) {
    await mkdir(path.join(folder, name), { recursive: true });
  }
}

/**
 * Writes the image, the labels and, if the case has errors, its true masks. Writes the image last:
 * a case with an image is complete and is not written again.
 * @returns the case's errors
 */
export async function writePhantomCase(work: PhantomWork, index: number): Promise<TruthError[]> {
  const { folder, seed, size, lesions } = work;
  const id = phantomId(index);
  const image = path.join(folder, 'images', `${id}.png`);
  const isWritten = await access(image).then(
    () => true,
    () => false,
  );
  const planned = work.errors.filter((error) => error.case === id);
  const plannedLesion = lesions?.errors.find((error) => error.case === id);
  const isSpoilt = planned.length > 0 || plannedLesion !== undefined;
  if (isWritten && !isSpoilt) return [];
  const options = { seed, index, size, lesion: lesions?.cases.includes(id) ?? false };
  const phantom: Pick<Phantom, 'masks'> & Partial<Phantom> = isWritten
    ? { masks: phantomMasks(options) }
    : makePhantom(options);
  const errors: TruthError[] = [];
  for (const structure of structuresOf(work)) {
    const truth = phantom.masks[structure];
    const plan = planned.find((error) => error.structure === structure);
    let label = truth;
    if (plan !== undefined) {
      const other = (): Mask => phantomMasks({ seed, size, index: indexOf(plan.other) })[structure];
      const { mask, error } = plantError(truth, plan, other);
      label = mask;
      errors.push(error);
    }
    if (structure === LESION && plannedLesion !== undefined) {
      const from = { seed, size, index: indexOf(plannedLesion.other), lesion: true };
      const other = (): Mask => phantomMasks(from)[LESION];
      const { mask, error } = plantLesionError(truth, plannedLesion, LESION, other);
      label = mask;
      errors.push(error);
    }
    if (isWritten) continue;
    await write(path.join(folder, structure, `${id}.png`), await pngOf(label));
    if (isSpoilt) {
      await write(path.join(folder, 'truth', structure, `${id}.png`), await pngOf(truth));
    }
  }
  if (phantom.image !== undefined) {
    await write(image, await encodePng({ ...phantom.image, bits: 16 }));
  }
  return errors;
}
