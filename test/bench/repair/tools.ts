/** The other tools in the hand of the same person. Each does what it can; the brush does the rest. */
import { components } from '../../../audit/imaging/morphology.ts';
import { reshaping } from '../../../renderer/drawing/gesture.ts';
import { SCALING, middleOf, placeOf } from '../../../renderer/drawing/handles.ts';
import type { Handle } from '../../../renderer/drawing/handles.ts';
import { OPERATIONS } from '../../../renderer/drawing/operations.ts';
import { solve } from '../../../renderer/drawing/random-walk.ts';
import { applySolution, problemOf } from '../../../renderer/drawing/scribble.ts';
import { nudge } from '../../../renderer/drawing/nudge.ts';
import { fillOutline, outlineOf } from '../../../renderer/drawing/outline.ts';
import type { Ring } from '../../../renderer/drawing/outline.ts';
import { fillPolygon } from '../../../renderer/drawing/polygon.ts';
import { copyPart } from '../../../renderer/drawing/proposal-part.ts';
import { Region } from '../../../renderer/drawing/region.ts';
import type { Position } from '../../../renderer/drawing/types.ts';
import { brushRepair } from './brush.ts';
import { PRESS_MM } from './work.ts';
import type { Repair } from './work.ts';

/** A change that is worth less than this share of dice for 10 mm is left to the brush. */
const WORTH = 0.0004;
const MOST_STEPS = 25;
/** A person scribbles a few times, and no more. */
const MOST_SCRIBBLES = 4;

/** Tries changes, each on a copy, and takes the one that mends the most for its work, while one is worth it. */
function greedily(
  repair: Repair,
  tries: (now: Repair) => Iterable<Repair>,
  steps = MOST_STEPS,
): void {
  for (let n = 0; n < steps && !repair.done; n += 1) {
    let best: Repair | null = null;
    let most = WORTH / PRESS_MM;
    for (const tried of tries(repair)) {
      const gained = tried.dice - repair.dice;
      const share = (tried.done ? 2 : 1) * (gained / (tried.work - repair.work));
      if (share > most) [most, best] = [share, tried];
    }
    if (!best) return;
    repair.become(best);
  }
}

const pointsOf = (rings: readonly Ring[]): Position[] =>
  rings.flatMap((ring) =>
    Array.from({ length: ring.length / 2 }, (_, i) => ({ x: ring[2 * i], y: ring[2 * i + 1] })),
  );

function nearest(points: readonly Position[], to: Position): Position {
  let best = to;
  let least = Infinity;
  for (const point of points) {
    const square = (point.x - to.x) ** 2 + (point.y - to.y) ** 2;
    if (square < least) [least, best] = [square, point];
  }
  return best;
}

/** Drags the outline from where it is furthest off to where it should be, with tools of several sizes. */
function* nudges(now: Repair): Iterable<Repair> {
  const { width, height, truth } = now.of;
  const wanted = pointsOf(outlineOf(truth, width, height));
  const rings = outlineOf(now.mask, width, height);
  const here = pointsOf(rings);
  const off = (a: Position, b: Position): number => Math.hypot(a.x - b.x, a.y - b.y);
  const pull = here
    .filter((_, i) => i % 6 === 0)
    .map((from) => ({ from, to: nearest(wanted, from) }));
  const push = wanted.filter((_, i) => i % 6 === 0).map((to) => ({ from: nearest(here, to), to }));
  const drags = [...pull, ...push].sort((a, b) => off(b.from, b.to) - off(a.from, a.to));
  const chosen: typeof drags = [];
  for (const drag of drags) {
    if (off(drag.from, drag.to) < 1) break;
    if (chosen.every((other) => off(other.from, drag.from) > 15)) chosen.push(drag);
    if (chosen.length === 5) break;
  }
  for (const { from, to } of chosen) {
    for (const radius of [12, 24, 48]) {
      const tried = now.copy();
      const moved = rings.map((ring) => ring.slice());
      const rect = nudge(moved, from, to, radius, width, height);
      if (rect) fillOutline(tried.canvas, moved, rect);
      tried.take(radius);
      tried.drag([from, to]);
      yield tried;
    }
  }
}

/** Drags the label or a handle of its box to where the true label's box has it, or half of the way. */
function* drags(now: Repair): Iterable<Repair> {
  const [box, wanted] = [now.box(), now.box(now.of.truth)];
  const all: { handle: Handle; from: Position; to: Position }[] = [
    { handle: { kind: 'move' }, from: middleOf(box), to: middleOf(wanted) },
    { handle: { kind: 'move' }, from: centre(now, now.mask), to: centre(now, now.of.truth) },
    ...SCALING.map((handle) => ({
      handle,
      from: placeOf(handle, box),
      to: placeOf(handle, wanted),
    })),
  ];
  for (const { handle, from, to } of all) {
    for (const far of [1, 0.5]) {
      const end = { x: from.x + far * (to.x - from.x), y: from.y + far * (to.y - from.y) };
      const tried = now.copy();
      const gesture = reshaping(tried.canvas, now.mask, box, handle, from, false, () => undefined);
      gesture.move([{ ...end, pressure: null }]);
      tried.drag([from, end]);
      yield tried;
    }
  }
}

function centre({ of: { width } }: Repair, mask: Uint8Array): Position {
  let [x, y, count] = [0, 0, 0];
  for (let i = 0; i < mask.length; i += 1) {
    if (mask[i] === 0) continue;
    x += i % width;
    y += Math.floor(i / width);
    count += 1;
  }
  return { x: x / count + 0.5, y: y / count + 0.5 };
}

/** Grows the label, or shrinks it, by one pixel for each press of a key. */
function* keys(now: Repair): Iterable<Repair> {
  const { width, height } = now.of;
  for (const operation of ['grow', 'shrink'] as const) {
    const tried = now.copy();
    tried.mask = OPERATIONS[operation](now.mask, width, height, 12);
    tried.presses += 1;
    yield tried;
  }
}

/** Circles one wrong part. */
function* lassos(now: Repair): Iterable<Repair> {
  const { width, height, truth } = now.of;
  for (const value of [0, 1] as const) {
    const wrong = now.mask.map((v, i) => (v !== truth[i] && truth[i] === value ? 1 : 0));
    const rings = outlineOf(wrong, width, height).sort((a, b) => b.length - a.length);
    for (const ring of rings.slice(0, 3)) {
      const points = pointsOf([ring]).filter((_, i) => i % 3 === 0);
      if (points.length < 3) continue;
      const tried = now.copy();
      fillPolygon(tried.canvas, points, value);
      tried.drag([...points, points[0]]);
      yield tried;
    }
  }
}

/** Clicks into a wrong part, and drags to the tolerance that is best. */
function* regions(now: Repair): Iterable<Repair> {
  const { width, height, truth, samples, span, proposal } = now.of;
  const likely = proposal.map((v) => 255 * v);
  for (const value of [0, 1] as const) {
    const wrong = now.mask.map((v, i) => (v !== truth[i] && truth[i] === value ? 1 : 0));
    const pixels: number[] = [];
    wrong.forEach((v, i) => {
      if (v === 1) pixels.push(i);
    });
    for (const share of [0.25, 0.5, 0.75]) {
      const seed = pixels[Math.floor(share * pixels.length)] ?? -1;
      if (seed < 0) continue;
      const [x, y] = [seed % width, Math.floor(seed / width)];
      const region = new Region({ width, height, samples, span, likely }, x, y);
      for (let tolerance = 8; tolerance <= 120; tolerance += 16) {
        const tried = now.copy();
        region.write(tried.canvas, now.mask, tolerance, value, true);
        // The drag begins at the tolerance of the window, and takes 1.5 pixels of the screen for a step.
        tried.drag([
          { x, y },
          { x: x + (tolerance - 40) / 2, y },
        ]);
        yield tried;
      }
    }
  }
}

/** Clicks into a wrong part, which becomes what the model proposes. */
function* proposals(now: Repair): Iterable<Repair> {
  const { width, height, truth, proposal } = now.of;
  const data = now.mask.map((v, i) => (v !== truth[i] ? 1 : 0));
  const { components: parts, labels } = components({ width, height, data });
  for (const { label } of [...parts].sort((a, b) => b.area - a.area).slice(0, 3)) {
    const line = axisOf(labels, label, width, 0.2);
    for (const at of line ?? []) {
      const tried = now.copy();
      if (copyPart(tried.canvas, proposal, at) === null) continue;
      tried.drag([at]);
      yield tried;
    }
  }
}

/** Draws a line through the largest wrong parts, along the middle of each. */
function* scribbles(now: Repair): Iterable<Repair> {
  const { width, height, truth, samples, span, proposal } = now.of;
  const ground = { width, height, samples, span, likely: proposal.map((v) => 255 * v) };
  for (const inside of [true, false]) {
    const value = inside ? 1 : 0;
    const data = now.mask.map((v, i) => (v !== truth[i] && truth[i] === value ? 1 : 0));
    const { components: parts, labels } = components({ width, height, data });
    for (const { label } of [...parts].sort((a, b) => b.area - a.area).slice(0, 2)) {
      for (const share of [0, 0.1, 0.33]) {
        const line = axisOf(labels, label, width, share);
        if (!line) continue;
        const tried = now.copy();
        const problem = problemOf(ground, now.mask, [{ points: line, inside }]);
        if (!problem) continue;
        applySolution(tried.canvas, problem, solve(problem));
        tried.drag(line);
        yield tried;
      }
    }
  }
}

/** A line along the longer axis of a part, through its middle. @param share how far it goes to either side */
function axisOf(
  labels: Int32Array,
  label: number,
  width: number,
  share: number,
): Position[] | null {
  const pixels: Position[] = [];
  labels.forEach((other, i) => {
    if (other === label) pixels.push({ x: (i % width) + 0.5, y: Math.floor(i / width) + 0.5 });
  });
  if (pixels.length < 12) return null;
  const mean = (of: (p: Position) => number): number =>
    pixels.reduce((sum, p) => sum + of(p), 0) / pixels.length;
  const [cx, cy] = [mean(({ x }) => x), mean(({ y }) => y)];
  const xx = mean(({ x }) => (x - cx) ** 2);
  const yy = mean(({ y }) => (y - cy) ** 2);
  const xy = mean(({ x, y }) => (x - cx) * (y - cy));
  const angle = Math.atan2(2 * xy, xx - yy) / 2;
  const [ux, uy] = [Math.cos(angle), Math.sin(angle)];
  const on = pixels.filter(({ x, y }) => Math.abs((x - cx) * uy - (y - cy) * ux) < 0.7);
  const along = on.map(({ x, y }) => (x - cx) * ux + (y - cy) * uy).sort((a, b) => a - b);
  if (along.length < 3) return null;
  return [0.5 - share, 0.5, 0.5 + share].map((place) => {
    const far = along[Math.floor(place * (along.length - 1))];
    return { x: cx + far * ux, y: cy + far * uy };
  });
}

export const TOOLS: Readonly<Record<string, (repair: Repair) => void>> = {
  brush: brushRepair,
  lasso: (repair) => (greedily(repair, lassos), brushRepair(repair)),
  nudge: (repair) => (greedily(repair, nudges), brushRepair(repair)),
  box: (repair) => (greedily(repair, drags), brushRepair(repair)),
  'grow, shrink': (repair) => (greedily(repair, keys), brushRepair(repair)),
  scribble: (repair) => (greedily(repair, scribbles, MOST_SCRIBBLES), brushRepair(repair)),
  'proposal, a click': (repair) => (greedily(repair, proposals), brushRepair(repair)),
  region: (repair) => (greedily(repair, regions), brushRepair(repair)),
};
