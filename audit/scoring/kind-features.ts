/**
 * Describes the difference between a label and the segmenter's proposal in a few numbers, from which
 * `kind.ts` names the kind of error. Lengths are in units of the proposal's thickness and areas in units of
 * the proposal's area, so that a clavicle and a lung are described alike, at any resolution.
 */
import type { LabelKind } from '../contract/terms.ts';
import { squaredDistance } from '../imaging/distance.ts';
import { area, boundary, dice } from '../imaging/measure.ts';
import { components } from '../imaging/morphology.ts';
import type { Mask } from '../imaging/types.ts';

/** The kinds that the regression over the features chooses from. */
export type FittedKind = Exclude<LabelKind, 'omitted' | 'invented'>;

/** The names of the features, in the order of the coefficients. */
export const KIND_FEATURES = [
  'smaller',
  'larger',
  'dice',
  'moved',
  'diceIfMovedBack',
  'gainIfMovedBack',
  'fitsAnother',
  'inside',
  'outside',
  'spread',
  'offInside',
  'offOutside',
  'missedOutline',
  'roughness',
  'added',
  'addedInOnePiece',
  'addedDepth',
  'addedEvenly',
  'removed',
  'removedInOnePiece',
  'removedDepth',
  'removedEvenly',
  'side',
  'wholeSide',
  'pieces',
  'alternates',
] as const;
export type KindFeature = (typeof KIND_FEATURES)[number];

/**
 * A boundary pixel of label or proposal is off if it lies further than this, in thicknesses of the proposal,
 * from the outline of the other one.
 */
const OFF = 0.12;
/** A component with at least this share of a mask's area counts as a side of the mask. */
const SIDE = 0.15;

const clip = (value: number, low: number, high: number): number =>
  Math.min(Math.max(value, low), high);

interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** The box around all pixels that are inside one of the masks, with a margin of one pixel. */
function boxAround(a: Mask, b: Mask): Box {
  const { width, height } = a;
  let [left, top, right, bottom] = [width, height, 0, 0];
  for (let y = 0, i = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, i += 1) {
      if (a.data[i] === 0 && b.data[i] === 0) continue;
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  return {
    left: Math.max(left - 1, 0),
    top: Math.max(top - 1, 0),
    right: Math.min(right + 1, width - 1),
    bottom: Math.min(bottom + 1, height - 1),
  };
}

function cropped({ width: full, data: from }: Mask, { left, top, right, bottom }: Box): Mask {
  const [width, height] = [right - left + 1, bottom - top + 1];
  const data = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const at = (top + y) * full + left;
    data.set(from.subarray(at, at + width), y * width);
  }
  return { width, height, data };
}

function centre({ width, data }: Mask): [number, number] {
  let [x, y, count] = [0, 0, 0];
  for (let i = 0; i < data.length; i += 1) {
    if (data[i] === 0) continue;
    x += i % width;
    y += Math.floor(i / width);
    count += 1;
  }
  return [x / count, y / count];
}

/** Dice of `b` and of `a` moved by whole pixels; what leaves the image still counts as a part of `a`. */
function diceMoved(a: Mask, b: Mask, dx: number, dy: number): number {
  const { width, height } = a;
  let [both, sum] = [0, 0];
  for (let y = 0, i = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1, i += 1) {
      sum += a.data[i] + b.data[i];
      if (a.data[i] === 0) continue;
      const [u, v] = [x + dx, y + dy];
      if (u >= 0 && v >= 0 && u < width && v < height) both += b.data[v * width + u];
    }
  }
  return (2 * both) / sum;
}

/** The pixels of `a` that are not in `b`. */
const without = (a: Mask, b: Mask): Mask => ({
  ...a,
  data: a.data.map((v, i) => (b.data[i] === 0 ? v : 0)),
});

/**
 * The sides of a mask: its components with at least the share `SIDE` of its area. If fewer than two
 * components are so large, the sides are the mask's left and right half.
 * @returns for each pixel the number of its side, or 0 outside the sides; no number is above `count`
 */
function sidesOf(mask: Mask): { sides: Int32Array; count: number } {
  const { width } = mask;
  const { components: found, labels } = components(mask);
  const least = SIDE * area(mask);
  if (found.filter((part) => part.area >= least).length > 1) {
    const numbers = [0, ...found.map((part) => (part.area >= least ? part.label : 0))];
    return { sides: labels.map((label) => numbers[label]), count: found.length };
  }
  const [middle] = centre(mask);
  const sides = labels.map((_, i) => (mask.data[i] === 0 ? 0 : i % width < middle ? 1 : 2));
  return { sides, count: 2 };
}

/**
 * How much of a side is missing. `side`: the largest dice of a side with `missing`. `wholeSide`: the
 * largest share of a side that is missing.
 * @param missing the pixels of `mask` that are missing
 */
function missingSide(mask: Mask, missing: Mask): { side: number; wholeSide: number } {
  const { sides, count } = sidesOf(mask);
  const areas = new Uint32Array(count + 1);
  const gone = new Uint32Array(count + 1);
  for (let i = 0; i < sides.length; i += 1) {
    areas[sides[i]] += 1;
    gone[sides[i]] += missing.data[i];
  }
  const all = area(missing);
  let [side, wholeSide] = [0, 0];
  for (let number = 1; number <= count; number += 1) {
    if (areas[number] === 0) continue;
    side = Math.max(side, (2 * gone[number]) / (all + areas[number]));
    wholeSide = Math.max(wholeSide, gone[number] / areas[number]);
  }
  return { side, wholeSide };
}

/** A part of the difference: what the label adds to the proposal, or leaves out of it. */
interface Part {
  /** The part's area divided by the proposal's area. */
  readonly share: number;
  /** The share of the part's area that lies in its largest component. */
  readonly inOnePiece: number;
  /** The largest distance of its pixels from the proposal's outline, in thicknesses. */
  readonly depth: number;
  /** Mean depth of its pixels, divided by the largest depth. */
  readonly evenly: number;
  /** The number of its components that have half a per cent of the proposal's area or more. */
  readonly pieces: number;
}

/**
 * @param depth squared distance of each pixel to the other side of the proposal's outline
 * @param whole area of the proposal
 */
function partOf(mask: Mask, depth: Int32Array, whole: number, thick: number): Part {
  const count = area(mask);
  if (count === 0) return { share: 0, inOnePiece: 0, depth: 0, evenly: 0, pieces: 0 };
  const { components: found } = components(mask);
  const largest = found.reduce((most, part) => Math.max(most, part.area), 0);
  let [deepest, sum] = [0, 0];
  for (let i = 0; i < depth.length; i += 1) {
    if (mask.data[i] === 0) continue;
    const own = Math.sqrt(depth[i]);
    sum += own;
    if (own > deepest) deepest = own;
  }
  return {
    share: count / whole,
    inOnePiece: largest / count,
    depth: deepest / thick,
    evenly: sum / count / Math.max(deepest, 1),
    pieces: found.filter((part) => part.area >= 0.005 * whole).length,
  };
}

/** How long a boundary is for the area inside it. The value does not depend on the size of a shape. */
const raggedness = (length: number, inside: number): number =>
  Math.log(Math.max(length, 1) / Math.sqrt(inside));

/**
 * The features of a drawn label and a drawn proposal of the same size.
 * @param others the segmenter's proposals for the other structures
 */
export function kindFeatures(
  label: Mask,
  proposal: Mask,
  others: readonly Mask[],
): Record<KindFeature, number> {
  const fit = dice(label, proposal);
  const another = others.reduce((most, other) => Math.max(most, dice(label, other)), 0);
  const box = boxAround(label, proposal);
  const [l, p] = [cropped(label, box), cropped(proposal, box)];
  const [areaL, areaP] = [area(l), area(p)];
  const within = squaredDistance(p, 'outside');
  const beyond = squaredDistance(p, 'inside');
  let most = 1;
  for (let i = 0; i < within.length; i += 1) {
    if (p.data[i] !== 0 && within[i] > most) most = within[i];
  }
  const thick = Math.min(Math.sqrt(most), Math.sqrt(areaP));

  const [edgeL, edgeP] = [boundary(l), boundary(p)];
  const [lengthL, lengthP] = [area(edgeL), area(edgeP)];
  let [sum, squares, inside, outside] = [0, 0, 0, 0];
  for (let i = 0; i < edgeL.data.length; i += 1) {
    if (edgeL.data[i] === 0) continue;
    const depth = p.data[i] !== 0 ? 1 - Math.sqrt(within[i]) : Math.sqrt(beyond[i]);
    const own = clip(depth / thick, -3, 3);
    sum += own;
    squares += own * own;
    if (own < -OFF) inside += 1;
    if (own > OFF) outside += 1;
  }
  const length = Math.max(lengthL, 1);
  const mean = sum / length;
  const spread = Math.sqrt(Math.max(squares / length - mean * mean, 0));
  const toLabel = squaredDistance(edgeL, 'inside');
  let missed = 0;
  for (let i = 0; i < edgeP.data.length; i += 1) {
    if (edgeP.data[i] !== 0 && Math.sqrt(toLabel[i]) > OFF * thick) missed += 1;
  }

  const [[lx, ly], [px, py]] = [centre(l), centre(p)];
  const [dx, dy] = [px - lx, py - ly];
  const back = diceMoved(l, p, Math.round(dx), Math.round(dy));
  const size = clip(Math.log(areaL / areaP), -2, 2);
  const added = partOf(without(l, p), beyond, areaP, thick);
  const left = without(p, l);
  const removed = partOf(left, within, areaP, thick);
  return {
    smaller: Math.max(-size, 0),
    larger: Math.max(size, 0),
    dice: fit,
    moved: clip(Math.hypot(dx, dy) / thick, 0, 3),
    diceIfMovedBack: back,
    gainIfMovedBack: (back - fit) / (1 - fit + 0.05),
    fitsAnother: clip(another - fit, -1, 1),
    inside: Math.max(-mean, 0),
    outside: Math.max(mean, 0),
    spread,
    offInside: inside / length,
    offOutside: outside / length,
    missedOutline: missed / Math.max(lengthP, 1),
    roughness: raggedness(lengthL, areaL) - raggedness(lengthP, areaP),
    added: clip(added.share, 0, 2),
    addedInOnePiece: added.inOnePiece,
    addedDepth: clip(added.depth, 0, 3),
    addedEvenly: added.evenly,
    removed: removed.share,
    removedInOnePiece: removed.inOnePiece,
    removedDepth: clip(removed.depth, 0, 1.5),
    removedEvenly: removed.evenly,
    ...missingSide(p, left),
    pieces: Math.log1p(added.pieces + removed.pieces),
    alternates: Math.min(added.share, removed.share) / (added.share + removed.share + 1e-6),
  };
}
