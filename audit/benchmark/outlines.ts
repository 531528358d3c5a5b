/**
 * Draws the outlines of a cell's segmenter on a few test cases, beside the truth, as in figure 3 of the
 * Pick-and-Learn paper. The cases are taken at equal steps from the list of test cases, so that nobody
 * can choose cases that look good.
 */
import { encode } from 'fast-png';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { DrawnCase } from '../contract/benchmark.ts';
import { UserError } from '../errors.ts';
import { dice } from '../imaging/measure.ts';
import { windowed } from '../imaging/window.ts';
import { outlinePath } from '../report/contour.ts';
import { openSegmenter } from '../scoring/networks.ts';
import { readJson, writeJson } from '../training/json.ts';
import { zScore } from '../../models/preprocess.ts';
import { SampleSet } from '../../models/sampleset.ts';

const FILE = 'outlines.json';

/** The largest size of a file of outlines, in bytes: four pictures of 1024 × 1024 pixels need less. */
const LARGEST_FILE = 16 * 1024 * 1024;

/** The number of test cases that are drawn. */
const SHOWN = 4;

const Outlines = z.object({
  version: z.literal(1),
  size: z.number().int().positive(),
  cases: z.array(DrawnCase),
});
export type Outlines = z.infer<typeof Outlines>;

const IN_PLACE = { x0: 0, y0: 0, scaleX: 1, scaleY: 1 };

/** At most `count` entries of the list, evenly spread. */
export function evenlySpaced<T>(list: readonly T[], count: number): T[] {
  const all = Math.min(count, list.length);
  return Array.from({ length: all }, (_, i) => list[Math.floor((i * list.length) / all)]);
}

function pictureOf(image: Uint16Array, size: number): string {
  const png = encode({ width: size, height: size, data: windowed(image), channels: 1, depth: 8 });
  return `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
}

/** Draws some test cases of the sample set at `samples`, and writes them to the cell's folder `out`. */
export async function keepOutlines(
  out: string,
  samples: string,
  segmenterFile: string,
): Promise<void> {
  const set = await SampleSet.open(samples);
  const segmenter = await openSegmenter(segmenterFile);
  try {
    const { cases, structures, width: size } = set.manifest;
    const pixels = size * size;
    const test = cases.flatMap(({ split }, index) => (split === 'test' ? [index] : []));
    const drawn: DrawnCase[] = [];
    for (const index of evenlySpaced(test, SHOWN)) {
      const { image, labels, truth } = await set.read(index);
      const probabilities = await segmenter.segment(zScore(image), 1);
      drawn.push({
        id: cases[index].id,
        image: pictureOf(image, size),
        structures: structures.map((name, s) => {
          const plane = <P extends Uint8Array | Float32Array>(planes: P) => ({
            ...{ width: size, height: size },
            data: planes.subarray(s * pixels, (s + 1) * pixels) as P,
          });
          const predicted = plane(probabilities);
          const right = plane(truth ?? labels);
          return {
            name,
            truth: outlinePath(right, 0.5, IN_PLACE),
            predicted: outlinePath(predicted, 0.5, IN_PLACE),
            dice: dice(
              { ...predicted, data: Uint8Array.from(predicted.data, (p) => (p >= 0.5 ? 1 : 0)) },
              right,
            ),
          };
        }),
      });
    }
    await writeJson(join(out, FILE), { version: 1, size, cases: drawn } satisfies Outlines);
  } finally {
    await segmenter.close();
    await set.close();
  }
}

/**
 * Reads the outlines of a cell.
 * @returns null if the cell kept none
 * @throws UserError when the file does not hold outlines
 */
export async function readOutlines(out: string): Promise<Outlines | null> {
  const file = join(out, FILE);
  const { size } = await stat(file).catch(() => ({ size: 0 }));
  try {
    const found = size > LARGEST_FILE ? 'too large' : await readJson(file);
    return found === null ? null : Outlines.parse(found);
  } catch {
    throw new UserError(
      `${file} is damaged: delete it; the report will then leave these outlines out.`,
    );
  }
}
