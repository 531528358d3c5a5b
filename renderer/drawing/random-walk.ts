/**
 * Solves scribbles by random walks, from coarse to fine: each node becomes the mean of its neighbours, weighted by
 * how alike they are, until that hardly changes anything.
 */
import type { Problem } from './scribble.ts';

/** How steeply a walk avoids edges: a step over this many grey values is e times less likely. */
const EDGE = 9;
/** The smallest weight of a step, so that walks come everywhere. */
const STEADY = 1e-4;
/** How much the label holds far from the scribbles, and what a model counts everywhere. */
const HOLD = 4;
const MODEL = 0.002;
/** Sweeps on each resolution, from the coarsest; each is twice as fine as the one before. */
const SWEEPS = [80, 50, 40, 30];
/** A coarser resolution has at least this many nodes on a side. */
const SMALLEST = 8;
/** Over-relaxation. */
const AHEAD = 1.7;

/** By how much each node changes towards inside (to 1) or outside (to −1). */
export function solve(problem: Problem): Float32Array {
  const levels = [problem];
  while (
    levels.length < SWEEPS.length &&
    Math.min(levels[0].across, levels[0].down) >= 2 * SMALLEST
  )
    levels.unshift(halved(levels[0]));
  let values: Float32Array = levels[0].label.slice();
  levels.forEach((level, n) => {
    if (n > 0) values = doubled(values, levels[n - 1], level);
    relax(level, values, SWEEPS[SWEEPS.length - levels.length + n]);
  });
  return connected(
    problem,
    values.map((value, i) => value - problem.label[i]),
  );
}

/** A node that changes by more than this becomes the other side. */
const TURNS = 0.5;

/** Of the changes only those that hang together with a scribble of their side; a corner elsewhere stays. */
function connected({ across, down, marks }: Problem, change: Float32Array): Float32Array {
  const result = new Float32Array(change.length);
  const seen = new Uint8Array(change.length);
  const stack: number[] = [];
  for (let i = 0; i < marks.length; i += 1) {
    if (marks[i] === 0) continue;
    seen[i] = 1;
    stack.push(i);
  }
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    result[at] = change[at];
    const side = marks[at] !== 0 ? marks[at] : Math.sign(change[at]);
    const [x, y] = [at % across, Math.floor(at / across)];
    for (let row = Math.max(0, y - 1); row <= Math.min(down - 1, y + 1); row += 1) {
      for (let column = Math.max(0, x - 1); column <= Math.min(across - 1, x + 1); column += 1) {
        const next = row * across + column;
        // Neighbours that change less say where between two nodes the outline is.
        if (seen[next] === 0 && change[next] * side > 0) result[next] = change[next];
        if (seen[next] === 1 || change[next] * side <= TURNS) continue;
        seen[next] = 1;
        stack.push(next);
      }
    }
  }
  return result;
}

function halved(fine: Problem): Problem {
  const across = Math.ceil(fine.across / 2);
  const down = Math.ceil(fine.down / 2);
  const mean = (values: Float32Array): Float32Array => {
    const half = new Float32Array(across * down);
    each(fine, across, (n, from, count) => (half[n] += values[from] / count));
    return half;
  };
  const marks = new Int8Array(across * down);
  each(fine, across, (n, from) => {
    if (fine.marks[from] !== 0) marks[n] = fine.marks[from];
  });
  return {
    ...fine,
    size: 2 * fine.size,
    across,
    down,
    grey: mean(fine.grey),
    label: mean(fine.label),
    likely: fine.likely && mean(fine.likely),
    marks,
  };
}

/** Calls `visit` for each node with the node of half the resolution, which it shares with `count` nodes. */
function each(
  fine: Problem,
  across: number,
  visit: (half: number, from: number, count: number) => void,
): void {
  for (let y = 0; y < fine.down; y += 1) {
    const high = y - (y % 2) + 1 < fine.down ? 2 : 1;
    for (let x = 0; x < fine.across; x += 1) {
      const wide = x - (x % 2) + 1 < fine.across ? 2 : 1;
      visit((y >> 1) * across + (x >> 1), y * fine.across + x, high * wide);
    }
  }
}

function doubled(values: Float32Array, coarse: Problem, fine: Problem): Float32Array {
  const result = new Float32Array(fine.across * fine.down);
  each(fine, coarse.across, (half, at) => (result[at] = values[half]));
  return result;
}

/** Sweeps over the nodes; each takes the mean of its neighbours, by weight, and of what it holds to. */
function relax(problem: Problem, values: Float32Array, sweeps: number): void {
  const { across, down, label, likely, marks } = problem;
  const grey = blurred(problem);
  const right = new Float32Array(across * down);
  const below = new Float32Array(across * down);
  const weight = (a: number, b: number): number =>
    STEADY + Math.exp(-Math.abs(grey[a] - grey[b]) / EDGE);
  for (let i = 0; i < right.length; i += 1) {
    if (i % across < across - 1) right[i] = weight(i, i + 1);
    if (i + across < right.length) below[i] = weight(i, i + across);
    if (marks[i] !== 0) values[i] = marks[i] > 0 ? 1 : 0;
  }
  const holds = holdOf(problem);
  for (let n = 0; n < sweeps; n += 1) {
    for (let y = 1; y < down - 1; y += 1) {
      for (let i = y * across + 1; i < (y + 1) * across - 1; i += 1) {
        if (marks[i] !== 0) continue;
        const [w, e, a, b] = [right[i - 1], right[i], below[i - across], below[i]];
        let sum =
          w * values[i - 1] + e * values[i + 1] + a * values[i - across] + b * values[i + across];
        let total = w + e + a + b + holds[i];
        sum += holds[i] * label[i];
        if (likely) {
          sum += MODEL * likely[i];
          total += MODEL;
        }
        values[i] += AHEAD * (sum / total - values[i]);
      }
    }
  }
}

/** The mean of each node and its neighbours, so that noise is no edge. */
function blurred({ across, down, grey }: Problem): Float32Array {
  const result = grey.slice();
  for (let y = 1; y < down - 1; y += 1) {
    for (let i = y * across + 1; i < (y + 1) * across - 1; i += 1) {
      const middle = 2 * grey[i] + grey[i - 1] + grey[i + 1] + grey[i - across] + grey[i + across];
      const corners =
        grey[i - across - 1] + grey[i - across + 1] + grey[i + across - 1] + grey[i + across + 1];
      result[i] = (2 * middle + corners) / 16;
    }
  }
  return result;
}

/** How much each node holds to the label: little near the scribbles, more with the distance from them. */
function holdOf({ across, down, marks }: Problem): Float32Array {
  const far = across + down;
  const distance = new Float32Array(across * down);
  for (let i = 0; i < distance.length; i += 1) distance[i] = marks[i] !== 0 ? 0 : far;
  // Two passes give the distance in steps to the nearest mark.
  for (let i = 1; i < distance.length; i += 1) {
    const side = i % across > 0 ? distance[i - 1] : far;
    const above = i >= across ? distance[i - across] : far;
    distance[i] = Math.min(distance[i], side + 1, above + 1);
  }
  for (let i = distance.length - 2; i >= 0; i -= 1) {
    const side = i % across < across - 1 ? distance[i + 1] : far;
    const low = i + across < distance.length ? distance[i + across] : far;
    distance[i] = Math.min(distance[i], side + 1, low + 1);
  }
  const reach = Math.max(across, down) / 2.5;
  return distance.map((d) => HOLD * Math.min(1, d / reach) ** 10);
}
