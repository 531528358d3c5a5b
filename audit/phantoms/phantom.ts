/**
 * A chest X-ray phantom: a posteroanterior radiograph drawn by code, with exact masks of lung,
 * heart and clavicle, and of a lesion where there is one. The same seed gives the same patient at every
 * size.
 */
import type { GreyImage, Mask } from '../imaging/types.ts';
import { attenuation, buildAnatomy } from './attenuation.ts';
import type { Anatomy } from './attenuation.ts';
import type { DistanceField } from './field.ts';
import { develop, randomExposure } from './film.ts';
import { randomLesion } from './lesion.ts';
import type { Lesion } from './lesion.ts';
import type { Plate } from './marker.ts';
import { randomPatient } from './patient.ts';
import { Random } from '../../models/random.ts';

/** The structures of a phantom, in the order of files and channels. */
export const PHANTOM_STRUCTURES = ['lung', 'heart', 'clavicle'] as const;
/** The structure that only some phantoms have. */
export const LESION = 'lesion';
export type PhantomStructure = (typeof PHANTOM_STRUCTURES)[number] | typeof LESION;

export interface Phantom {
  /** size × size, 16 bits, of which the upper 12 are significant. */
  readonly image: GreyImage;
  /** The mask `lesion` is empty if the phantom has no lesion. */
  readonly masks: Readonly<Record<PhantomStructure, Mask>>;
}

export interface PhantomOptions {
  /** Seed of the dataset. */
  readonly seed: number;
  /** Index of the patient in the dataset, from 0. */
  readonly index: number;
  /** Side of the image in pixels, 16 … 4096. */
  readonly size: number;
  /** Draws a lesion into a lung; without it, the same seed draws the same patient. Default: false. */
  readonly lesion?: boolean;
}

function paint(
  fields: readonly DistanceField[],
  without: DistanceField | null,
  size: number,
): Mask {
  const data = new Uint8Array(size * size);
  for (const field of fields) {
    field.visit(size, 0, (i) => {
      data[i] = 1;
    });
  }
  without?.visit(size, 0, (i) => {
    data[i] = 0;
  });
  return { width: size, height: size, data };
}

function blackOut(data: Uint16Array, size: number, plates: readonly Plate[]): void {
  const at = (v: number): number => Math.round(Math.min(Math.max(v, 0), 1) * size);
  for (const { left, top, right, bottom } of plates) {
    for (let y = at(top); y < at(bottom); y += 1) {
      data.fill(0, y * size + at(left), y * size + at(right));
    }
  }
}

/** The mask of the part of a lesion that lies in the lungs; empty if there is no lesion. */
function lesionMask(lesion: Lesion | null, lung: Mask, size: number): Mask {
  const whole = paint(lesion ? [lesion.field] : [], null, size);
  return { ...whole, data: whole.data.map((v, i) => v & lung.data[i]) };
}

function masksOf(anatomy: Anatomy, lesion: Lesion | null, size: number): Phantom['masks'] {
  const lung = paint(anatomy.lungs, anatomy.heart, size);
  return {
    lung,
    lesion: lesionMask(lesion, lung, size),
    heart: paint([anatomy.heart], null, size),
    clavicle: paint(
      anatomy.clavicles.map(({ field }) => field),
      null,
      size,
    ),
  };
}

function anatomyOf({ seed, index }: PhantomOptions): Anatomy {
  const patient = randomPatient(new Random('patient', seed, index));
  return buildAnatomy(patient, new Random('anatomy', seed, index));
}

function lesionOf(
  { seed, index, lesion = false }: PhantomOptions,
  anatomy: Anatomy,
): Lesion | null {
  if (!lesion) return null;
  return randomLesion(anatomy.lungs, anatomy.heart, new Random('lesion', seed, index));
}

function assertSize({ size }: PhantomOptions): void {
  if (!Number.isInteger(size) || size < 16 || size > 4096) {
    throw new RangeError(`a phantom has 16 to 4096 pixels a side, not ${size}`);
  }
}

/**
 * Draws only the masks, which is much faster than to draw the whole phantom.
 * @throws RangeError for a size out of range
 */
export function phantomMasks(options: PhantomOptions): Phantom['masks'] {
  assertSize(options);
  const anatomy = anatomyOf(options);
  return masksOf(anatomy, lesionOf(options, anatomy), options.size);
}

/** Draws a phantom. @throws RangeError for a size out of range. */
export function makePhantom(options: PhantomOptions): Phantom {
  assertSize(options);
  const { seed, index, size } = options;
  const anatomy = anatomyOf(options);
  const lesion = lesionOf(options, anatomy);
  const texture = new Random('texture', seed, index);
  const exposure = randomExposure(new Random('exposure', seed, index));
  const plane = attenuation(anatomy, lesion, size, texture);
  const data = develop(plane, exposure, new Random('noise', seed, index, size));
  blackOut(data, size, anatomy.markers.plates);
  return {
    image: { width: size, height: size, bits: 16, data },
    masks: masksOf(anatomy, lesion, size),
  };
}
