/** Parses a labelme file: its shapes, and where its image lies. */
import { z } from 'zod';
import type { Mask } from '../../../imaging/types.ts';
import { decodePng } from '../../../codecs/png.ts';
import { CodecError, UnreadableFile } from '../../../codecs/raster.ts';
import { drawShape, shapeProblem } from './shapes.ts';
import { whyNoJson } from '../../json/not-json.ts';
import { checkPoints } from '../../masks/shapes.ts';
import type { DrawnShape } from '../../masks/shapes.ts';
import { structureNameOf } from '../../tree/structures.ts';
import { readText } from '../../tree/text.ts';

const Shape = z.object({
  label: z.string(),
  points: z.array(z.tuple([z.number(), z.number()])),
  /** Missing in files of old versions of labelme. All shapes of those files are polygons. */
  shape_type: z.string().nullish(),
  /** A PNG in base64, if the type is `mask`. */
  mask: z.string().nullish(),
});
type Shape = z.infer<typeof Shape>;

const File = z.object({
  imagePath: z.string().nullish(),
  imageData: z.string().nullish(),
  imageHeight: z.number().nullish(),
  imageWidth: z.number().nullish(),
  shapes: z.array(Shape),
});

export interface LabelmeFile {
  readonly imagePath: string | null;
  /** Whether the file contains the image. */
  readonly carriesImage: boolean;
  readonly size: { readonly width: number; readonly height: number } | null;
  readonly shapes: readonly DrawnShape[];
  /** Structure → its label in the file. */
  readonly labels: ReadonlyMap<string, string>;
  /** A noun phrase for each shape that cannot be drawn, such as “a mask without its picture”. */
  readonly problems: readonly string[];
}

export const MASK = 'mask';

/**
 * Pastes the PNG of a mask into `into`. The shape's points are its top left and bottom right pixel, both
 * inclusive.
 */
async function drawMask(into: Mask, { points, mask }: Shape): Promise<void> {
  const raster = await decodePng(Buffer.from(mask ?? '', 'base64'));
  const [left, top, right, bottom] = points.flat().map(Math.trunc);
  if (raster.width !== right - left + 1 || raster.height !== bottom - top + 1) {
    throw new CodecError('has a mask of another size than its corners say: draw it again.');
  }
  for (let y = Math.max(top, 0); y <= Math.min(bottom, into.height - 1); y += 1) {
    for (let x = Math.max(left, 0); x <= Math.min(right, into.width - 1); x += 1) {
      const sample = ((y - top) * raster.width + x - left) * raster.channels;
      if (raster.data[sample] !== 0) into.data[y * into.width + x] = 1;
    }
  }
}

function problemOf(shape: Shape): string | null {
  const type = shape.shape_type ?? 'polygon';
  if (type !== MASK) return shapeProblem(type, shape.points.length);
  if (shape.points.length !== 2 || !shape.mask) return 'a mask without its picture';
  return null;
}

function drawnShape(shape: Shape, place: number): DrawnShape {
  const type = shape.shape_type ?? 'polygon';
  const draw = (mask: Mask): Promise<void> | void => {
    checkPoints(shape.points);
    if (type === MASK) return drawMask(mask, shape);
    drawShape(mask, type, shape.points);
  };
  return { structure: structureNameOf(shape.label), place, draw };
}

/** @throws UnreadableFile when the text is not a labelme file. */
export function parseLabelme(text: string, file: string): LabelmeFile {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw new UnreadableFile(file, `is no valid JSON: it ${whyNoJson(text)}`);
  }
  const parsed = File.safeParse(given);
  if (!parsed.success) {
    const { path } = parsed.error.issues[0];
    throw new UnreadableFile(
      file,
      path.length === 0
        ? 'is not a labelme file: take it out of the folder.'
        : `is not a labelme file (“${path.join('.')}” is missing or of the wrong kind): save it again.`,
    );
  }
  const { imagePath, imageData, imageHeight, imageWidth, shapes } = parsed.data;
  const drawn: DrawnShape[] = [];
  const problems: string[] = [];
  const labels = new Map<string, string>();
  shapes.forEach((shape, place) => {
    const problem = problemOf(shape);
    if (problem !== null) {
      problems.push(problem);
      return;
    }
    const one = drawnShape(shape, place);
    drawn.push(one);
    if (!labels.has(one.structure)) labels.set(one.structure, shape.label);
  });
  return {
    imagePath: imagePath ?? null,
    carriesImage: typeof imageData === 'string' && imageData !== '',
    size: imageWidth && imageHeight ? { width: imageWidth, height: imageHeight } : null,
    shapes: drawn,
    labels,
    problems,
  };
}

export async function readLabelme(file: string): Promise<LabelmeFile> {
  return parseLabelme(await readText(file), file);
}
