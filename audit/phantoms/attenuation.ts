/** Adds up the organs of a patient into one plane of attenuations. */
import { vessels, middle, gas } from './airways.ts';
import { clavicle, ribs, shoulder, spine } from './bones.ts';
import { smoothStep } from './curves.ts';
import { DistanceField } from './field.ts';
import { drawLesion } from './lesion.ts';
import type { Lesion } from './lesion.ts';
import { breastOutline, heartOutline, lungOutline, trunkOutline } from './organs.ts';
import { markers } from './marker.ts';
import type { Markers } from './marker.ts';
import type { Patient, Side } from './patient.ts';
import type { Random } from '../../models/random.ts';
import { addLattice, randomLattice } from '../damage/lattice.ts';
import { drawTube } from './tube.ts';
import type { AttenuationPlane, Tube } from './tube.ts';

const SIDES: readonly Side[] = [-1, 1];

/** The parts of a patient in unit coordinates of the picture, independent of its size in pixels. */
export interface Anatomy {
  readonly trunk: DistanceField;
  readonly lungs: readonly [DistanceField, DistanceField];
  readonly heart: DistanceField;
  readonly clavicles: readonly { field: DistanceField; halfWidth: number }[];
  readonly breasts: readonly { field: DistanceField; weight: number }[];
  readonly gas: readonly DistanceField[];
  readonly vessels: readonly Tube[];
  readonly bones: readonly Tube[];
  readonly middle: readonly Tube[];
  readonly markers: Markers;
  readonly fat: number;
}

/** Builds the anatomy of a patient. */
export function buildAnatomy(patient: Patient, random: Random): Anatomy {
  const lung = (side: Side): DistanceField => new DistanceField(lungOutline(patient, side), 0.02);
  const lungs: [DistanceField, DistanceField] = [lung(-1), lung(1)];
  const breast = patient.female ? random.uniform(0.1, 1) : 0;
  return {
    trunk: new DistanceField(trunkOutline(patient), 0.02, 64),
    lungs,
    heart: new DistanceField(heartOutline(patient), 0.03, 64),
    clavicles: SIDES.map((side) => {
      const { outline, halfWidth } = clavicle(patient, side, random);
      return { field: new DistanceField(outline, 0.008), halfWidth };
    }),
    breasts: patient.female
      ? SIDES.map((side) => ({
          field: new DistanceField(breastOutline(patient, side, breast), 0.01, 48),
          weight: 0.16 + 0.34 * breast,
        }))
      : [],
    gas: gas(patient, random).map((outline) => new DistanceField(outline, 0.01, 32)),
    vessels: SIDES.flatMap((side, i) => vessels(patient, side, lungs[i], random)),
    bones: [
      ...spine(patient, random),
      ...ribs(patient, random),
      ...SIDES.flatMap((side) => shoulder(patient, side, random)),
    ],
    middle: middle(patient),
    markers: markers(random),
    fat: patient.fat,
  };
}

/** The relative thickness of a body with a round edge: 0 at the edge, 1 where `depth` is at least `width`. */
function round(depth: number, width: number): number {
  if (depth <= 0) return 0;
  if (depth >= width) return 1;
  const rest = 1 - depth / width;
  return Math.sqrt(1 - rest * rest);
}

/**
 * The sum of μ·thickness along the ray to each pixel of a size × size picture.
 * @param lesion the patient's lesion, or null if the patient has none
 */
export function attenuation(
  anatomy: Anatomy,
  lesion: Lesion | null,
  size: number,
  random: Random,
): AttenuationPlane {
  const plane: AttenuationPlane = { size, data: new Float32Array(size * size) };
  const { data } = plane;
  const { fat } = anatomy;
  // Muscle and fat are slightly uneven everywhere.
  const cloud = new Float32Array(size * size);
  for (const [columns, amplitude] of [
    [9, 0.045],
    [21, 0.03],
    [47, 0.016],
  ]) {
    addLattice(cloud, size, randomLattice(columns, random), amplitude);
  }
  anatomy.trunk.visit(size, 0, (i, depth, x, y) => {
    const off = Math.abs(x - 0.48);
    // Along the rays, shoulders, arms and neck are thinner than the chest, and the belly is thicker.
    const limb = smoothStep(0.3, 0.46, off);
    const thin = 1 - 0.3 * limb;
    const thick = (2.05 + 0.5 * smoothStep(0.68, 0.92, y)) * (0.75 + 0.25 * fat);
    const neck = 1 - 0.25 * (1 - smoothStep(0.02, 0.22, y));
    data[i] += thick * thin * neck * round(depth, 0.17 - 0.09 * limb) * (1 + cloud[i]);
  });
  for (const { field, weight } of anatomy.breasts) {
    field.visit(size, 0, (i, depth, x, y) => {
      const within = smoothStep(0, 0.04, anatomy.trunk.at(x, y));
      // A breast fades out upwards and has a clear edge below.
      data[i] += weight * round(depth, 0.13) * smoothStep(0.5, 0.72, y) * within;
    });
  }
  drawLungs(plane, anatomy, random);
  if (lesion) drawLesion(plane, lesion, anatomy.lungs);
  for (const tube of [...anatomy.bones, ...anatomy.middle]) drawTube(plane, tube);
  for (const { field, halfWidth } of anatomy.clavicles) {
    field.visit(size, 0, (i, depth) => {
      const shell = round(depth, halfWidth);
      const core = round(depth - 0.2 * halfWidth, 0.8 * halfWidth);
      data[i] += 0.56 * (shell - 0.55 * core);
    });
  }
  for (const field of anatomy.gas) {
    field.visit(size, 0, (i, depth) => {
      data[i] -= 0.75 * round(depth, 0.025);
    });
  }
  for (let i = 0; i < data.length; i += 1) data[i] = Math.max(data[i], 0);
  for (const tube of anatomy.markers.letter) drawTube(plane, tube);
  return plane;
}

/** Subtracts the air of the lungs; adds their vessels and the heart. */
function drawLungs(plane: AttenuationPlane, anatomy: Anatomy, random: Random): void {
  const { size, data } = plane;
  const blood: AttenuationPlane = { size, data: new Float32Array(size * size) };
  for (const tube of anatomy.vessels) drawTube(blood, tube);
  // This texture stands for the vessels that are too fine to be drawn one by one.
  for (const [columns, amplitude] of [
    [31, 0.035],
    [67, 0.035],
    [131, 0.03],
  ]) {
    addLattice(blood.data, size, randomLattice(columns, random), amplitude);
  }
  const { heart } = anatomy;
  const inflation = 1.5 + 0.12 * random.boundedNormal();
  for (const lung of anatomy.lungs) {
    lung.visit(size, 0, (i, depth, x, y) => {
      const air = 0.5 * round(depth, 0.016) + 0.5 * round(depth, 0.11);
      const within = Math.max(heart.at(x, y), 0);
      // Where the heart overlaps the lung, the rays cross less air.
      const free = 1 - 0.72 * round(within, 0.05) - (within > 0 ? 0.12 : 0);
      // The lung is thin at the apex and thick at the base.
      const full = 0.74 + 0.26 * smoothStep(0.08, 0.36, y);
      data[i] += blood.data[i] * Math.min(air * 1.4, 1) * (0.35 + 0.65 * free);
      data[i] -= inflation * air * free * full;
    });
  }
  // The heart adds a little attenuation to all its pixels, also to those outside the lungs.
  heart.visit(size, 0, (i, depth) => {
    data[i] += 0.22 * round(depth, 0.06);
  });
}
