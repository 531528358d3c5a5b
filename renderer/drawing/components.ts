/**
 * Finds the connected parts of a mask. It works on runs of equal pixels, since a row of a thousand pixels
 * has only a few runs. Drawn pixels connect by edges and corners; background pixels (holes) connect by
 * edges alone.
 */

interface Runs {
  /** Row of each run, its first column, and the column past its last. */
  readonly row: Int32Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly count: number;
}

function runsOf(mask: Uint8Array, width: number, height: number, value: 0 | 1): Runs {
  let capacity = 1024;
  let row = new Int32Array(capacity);
  let from = new Int32Array(capacity);
  let to = new Int32Array(capacity);
  let count = 0;
  const grown = (old: Int32Array): Int32Array<ArrayBuffer> => {
    const larger = new Int32Array(capacity);
    larger.set(old);
    return larger;
  };
  for (let y = 0; y < height; y += 1) {
    const line = mask.subarray(y * width, (y + 1) * width);
    let at = line.indexOf(value);
    while (at >= 0) {
      const turn = line.indexOf(1 - value, at);
      const end = turn < 0 ? width : turn;
      if (count === capacity) {
        capacity *= 2;
        [row, from, to] = [grown(row), grown(from), grown(to)];
      }
      row[count] = y;
      from[count] = at;
      to[count] = end;
      count += 1;
      at = turn < 0 ? -1 : line.indexOf(value, end);
    }
  }
  return { row, from, to, count };
}

/** Joins touching runs into parts. @returns the number of each run's part, from 0, and how many there are */
function join(runs: Runs, corners: boolean): { part: Int32Array; parts: number } {
  const { row, from, to, count } = runs;
  const parent = Int32Array.from({ length: count }, (_, i) => i);
  const root = (of: number): number => {
    let i = of;
    while (parent[i] !== i) {
      parent[i] = parent[parent[i]];
      i = parent[i];
    }
    return i;
  };
  const reach = corners ? 1 : 0;
  // `above` is the first run of the row above that can touch run `i`; it only moves forward.
  let above = 0;
  for (let i = 0; i < count; i += 1) {
    while (above < i && row[above] < row[i] - 1) above += 1;
    while (above < i && row[above] === row[i] - 1 && to[above] + reach <= from[i]) above += 1;
    for (let j = above; j < i && row[j] === row[i] - 1 && from[j] < to[i] + reach; j += 1) {
      const a = root(i);
      const b = root(j);
      parent[Math.max(a, b)] = Math.min(a, b);
    }
  }
  const part = new Int32Array(count);
  let parts = 0;
  for (let i = 0; i < count; i += 1) {
    const first = root(i);
    part[i] = first === i ? parts++ : part[first];
  }
  return { part, parts };
}

/** A copy of the mask with only the parts that `keep` chooses by their areas. */
function filtered(
  mask: Uint8Array,
  width: number,
  height: number,
  keep: (areas: readonly number[]) => (part: number) => boolean,
): Uint8Array {
  const runs = runsOf(mask, width, height, 1);
  const { part, parts } = join(runs, true);
  const areas = new Array<number>(parts).fill(0);
  for (let i = 0; i < runs.count; i += 1) areas[part[i]] += runs.to[i] - runs.from[i];
  const stays = keep(areas);
  const result = mask.slice();
  for (let i = 0; i < runs.count; i += 1) {
    if (stays(part[i])) continue;
    result.fill(0, runs.row[i] * width + runs.from[i], runs.row[i] * width + runs.to[i]);
  }
  return result;
}

/** Keeps the largest part; of parts of equal size the first. */
export const keepLargest = (mask: Uint8Array, width: number, height: number): Uint8Array =>
  filtered(mask, width, height, (areas) => {
    const largest = areas.indexOf(areas.reduce((most, area) => Math.max(most, area), 0));
    return (part) => part === largest;
  });

/** Removes the parts whose area is less than `share` of the whole label's area. */
export const removeIslands = (
  mask: Uint8Array,
  width: number,
  height: number,
  share = 0.01,
): Uint8Array =>
  filtered(mask, width, height, (areas) => {
    const least = share * areas.reduce((sum, area) => sum + area, 0);
    return (part) => areas[part] >= least;
  });

/** Fills holes: background that is not connected to the border of the image. */
export function fillMaskHoles(mask: Uint8Array, width: number, height: number): Uint8Array {
  const runs = runsOf(mask, width, height, 0);
  const { part, parts } = join(runs, false);
  const open = new Uint8Array(parts);
  for (let i = 0; i < runs.count; i += 1) {
    const edge =
      runs.row[i] === 0 || runs.row[i] === height - 1 || runs.from[i] === 0 || runs.to[i] === width;
    if (edge) open[part[i]] = 1;
  }
  const result = mask.slice();
  for (let i = 0; i < runs.count; i += 1) {
    if (open[part[i]] === 1) continue;
    result.fill(1, runs.row[i] * width + runs.from[i], runs.row[i] * width + runs.to[i]);
  }
  return result;
}
