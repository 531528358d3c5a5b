/**
 * Contrast-limited adaptive histogram equalisation (Zuiderveld, Graphics Gems IV, 1994), for looking only. The image
 * is divided into tiles; each tile's histogram gives a curve, and pixels between tiles mix the curves. Pure.
 */

/** Tiles per side. */
const TILES = 8;
const BINS = 256;
/** The most samples in a bin, as a multiple of the mean: it limits how much noise is amplified. */
const CLIP = 2.5;

/** For each sample value the bin 0 … 255; `low` and `high` are the values of the first and the last bin. */
function binTable(values: number, low: number, high: number): Uint8Array {
  const scale = (BINS - 1) / Math.max(1, high - low);
  return Uint8Array.from({ length: values }, (_, value) =>
    Math.max(0, Math.min(BINS - 1, Math.round((value - low) * scale))),
  );
}

/** The grey value of each bin: the share of samples below it, after the histogram was clipped. */
function curveOf(counts: Uint32Array, total: number): Uint8Array {
  const limit = Math.max(1, Math.round((CLIP * total) / BINS));
  let over = 0;
  for (let bin = 0; bin < BINS; bin += 1) {
    over += Math.max(0, counts[bin] - limit);
    counts[bin] = Math.min(limit, counts[bin]);
  }
  const curve = new Uint8Array(BINS);
  let below = 0;
  for (let bin = 0; bin < BINS; bin += 1) {
    below += counts[bin] + over / BINS;
    curve[bin] = Math.round((below / Math.max(1, total)) * (BINS - 1));
  }
  return curve;
}

/** The two tiles around a place along one side of the image, and the share of the second. */
function between(
  at: number,
  tile: number,
): readonly [first: number, second: number, share: number] {
  const place = (at + 0.5) / tile - 0.5;
  const first = Math.max(0, Math.min(TILES - 1, Math.floor(place)));
  return [first, Math.min(TILES - 1, first + 1), Math.max(0, Math.min(1, place - first))];
}

/**
 * The image with even contrast everywhere, in 8 bits.
 * @param low the sample values that are the darkest and the brightest grey before the equalisation
 */
export function equalized(
  samples: Uint8Array | Uint16Array,
  width: number,
  height: number,
  { low, high }: { readonly low: number; readonly high: number },
): Uint8Array {
  const bins = binTable(samples instanceof Uint8Array ? 256 : 65536, low, high);
  const [across, down] = [width / TILES, height / TILES];
  const counts = new Uint32Array(TILES * TILES * BINS);
  const totals = new Uint32Array(TILES * TILES);
  const columns = Int32Array.from({ length: width }, (_, x) =>
    Math.min(TILES - 1, Math.floor(x / across)),
  );
  for (let y = 0; y < height; y += 1) {
    const row = Math.min(TILES - 1, Math.floor(y / down)) * TILES;
    for (let x = 0, i = y * width; x < width; x += 1, i += 1) {
      const tile = row + columns[x];
      counts[tile * BINS + bins[samples[i]]] += 1;
      totals[tile] += 1;
    }
  }
  const curves = new Uint8Array(counts.length);
  totals.forEach((total, tile) =>
    curves.set(curveOf(counts.subarray(tile * BINS, (tile + 1) * BINS), total), tile * BINS),
  );
  const places = Array.from({ length: width }, (_, x) => between(x, across));
  const left = Int32Array.from(places, ([first]) => first * BINS);
  const right = Int32Array.from(places, ([, second]) => second * BINS);
  const shares = Float32Array.from(places, ([, , share]) => share);
  const even = new Uint8Array(samples.length);
  for (let y = 0; y < height; y += 1) {
    const [first, second, share] = between(y, down);
    const [top, bottom] = [first * TILES * BINS, second * TILES * BINS];
    for (let x = 0, i = y * width; x < width; x += 1, i += 1) {
      const bin = bins[samples[i]];
      const a = left[x] + bin;
      const b = right[x] + bin;
      const s = shares[x];
      const above = curves[top + a] + s * (curves[top + b] - curves[top + a]);
      const under = curves[bottom + a] + s * (curves[bottom + b] - curves[bottom + a]);
      even[i] = above + share * (under - above) + 0.5;
    }
  }
  return even;
}
