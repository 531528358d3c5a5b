// Measures the time from a pointer event until the screen shows the frame with the stroke: the 95th
// percentile (p95), from the browser's trace. Set-up: Chromium with software GL, a window of 1440 × 900
// at one device pixel per CSS pixel, the image fitted, three structures, brush radius 12 and 60 image
// pixels.
// The reference is cornerstone3D's labelmap brush at 2048², measured in the same run.
// Options: --size N (2048 and 4096), --no-reference, --tool brush (or nudge, or wire: the live wire).
import { parseArgs } from 'node:util';
import { measureCornerstone, VERSION } from './brush/cornerstone.mjs';
import { quantile } from './brush/latency.mjs';
import { KEYS, measureOverread } from './brush/overread.mjs';

const RADII = [12, 60];
/** The largest p95 that meets the goal, in milliseconds, by the image's side in pixels. */
const MOST = { 2048: 33, 4096: 50 };

const rounded = (value) => Number(value.toFixed(1));

function summary(name, found) {
  const values = found.flatMap((one) => one.values);
  for (const { radius, values: some } of found) {
    const [half, most] = [quantile(some, 0.5), quantile(some, 0.95)];
    const words = `median ${rounded(half)} ms, p95 ${rounded(most)} ms, ${some.length} events`;
    console.error(`${name}, radius ${radius}: ${words}`);
  }
  return { median: rounded(quantile(values, 0.5)), p95: rounded(quantile(values, 0.95)) };
}

export default async function brush(options) {
  const { values } = parseArgs({
    args: options,
    options: {
      size: { type: 'string', multiple: true, default: ['2048', '4096'] },
      reference: { type: 'boolean', default: true },
      tool: { type: 'string', default: 'brush' },
    },
    allowNegative: true,
  });
  if (!(values.tool in KEYS)) throw new Error(`--tool is one of ${Object.keys(KEYS).join(', ')}.`);
  const ours = {};
  for (const size of values.size) {
    const found = await measureOverread(Number(size), RADII, values.tool);
    ours[size] = summary(`overread ${values.tool} ${size}²`, found);
  }
  const first = ours[values.size[0]];
  const reference = values.reference
    ? summary(`cornerstone3D 2048²`, await measureCornerstone(2048, RADII))
    : null;
  return {
    ours_ms: first.p95,
    ...(reference && {
      reference: `cornerstone3D ${VERSION} at 2048²`,
      reference_ms: reference.p95,
      ratio: Number((first.p95 / reference.p95).toFixed(3)),
    }),
    sizes: Object.fromEntries(
      Object.entries(ours).map(([size, { median, p95 }]) => [
        size,
        { median_ms: median, p95_ms: p95, met: MOST[size] === undefined || p95 <= MOST[size] },
      ]),
    ),
  };
}
