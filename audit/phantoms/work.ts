/** One phantom of a dataset: made, spoilt where that is planned, and written. */
import { access, mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { encodePng } from '../codecs/png.ts';
import type { Mask } from '../imaging/types.ts';
import { plantError } from './errors.ts';
import type { PlannedError } from './errors.ts';
import { PHANTOM_STRUCTURES, makePhantom, phantomMasks } from './phantom.ts';
import type { Phantom } from './phantom.ts';
import type { TruthError } from './truth.ts';

export interface PhantomWork {
  readonly folder: string;
  readonly seed: number;
  readonly size: number;
  /** Everything planned for the dataset. */
  readonly errors: readonly PlannedError[];
}

/** Names that sort like their numbers: `phantom-00001` is the first. */
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

/** The folders that a dataset of phantoms has; those of the true masks where there are errors. */
export async function makeFolders({ folder, errors }: PhantomWork): Promise<void> {
  const spoilt = errors.length > 0 ? PHANTOM_STRUCTURES : [];
  const truth = spoilt.map((structure) => path.join('truth', structure));
  for (const name of ['images', ...PHANTOM_STRUCTURES, ...truth]) {
    await mkdir(path.join(folder, name), { recursive: true });
  }
}

/**
 * Writes the image, the labels and, where there are errors, the true masks of the case `index`.
 * The image comes last: a case that has one is whole, and is not made again.
 * @returns the errors of the case.
 */
export async function writePhantomCase(work: PhantomWork, index: number): Promise<TruthError[]> {
  const { folder, seed, size } = work;
  const id = phantomId(index);
  const image = path.join(folder, 'images', `${id}.png`);
  const done = await access(image).then(
    () => true,
    () => false,
  );
  const planned = work.errors.filter((error) => error.case === id);
  if (done && planned.length === 0) return [];
  const phantom: Pick<Phantom, 'masks'> & Partial<Phantom> = done
    ? { masks: phantomMasks({ seed, index, size }) }
    : makePhantom({ seed, index, size });
  const errors: TruthError[] = [];
  for (const structure of PHANTOM_STRUCTURES) {
    const truth = phantom.masks[structure];
    const plan = planned.find((error) => error.structure === structure);
    let label = truth;
    if (plan !== undefined) {
      const other = (): Mask => phantomMasks({ seed, size, index: indexOf(plan.other) })[structure];
      const { mask, error } = plantError(truth, plan, other);
      label = mask;
      errors.push(error);
    }
    if (done) continue;
    await write(path.join(folder, structure, `${id}.png`), await pngOf(label));
    if (planned.length > 0) {
      await write(path.join(folder, 'truth', structure, `${id}.png`), await pngOf(truth));
    }
  }
  if (phantom.image !== undefined) {
    await write(image, await encodePng({ ...phantom.image, bits: 16 }));
  }
  return errors;
}
