/**
 * Parses the XML of “CVAT for images 1.1”. The parser records where each element lies in the text, so
 * that an export changes only the edited elements. Entities that a file declares are not expanded.
 * Reference: CVAT's manual, XML annotation format.
 */
import { SaxesParser } from 'saxes';
import { UnreadableFile } from '../../../codecs/raster.ts';
import type { Steps } from '../../import/steps.ts';
import type { Span } from '../../tree/splice.ts';

/** One shape in an image, and where its element lies in the text. */
export interface CvatShape extends Span {
  readonly type: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** One image, and where its element lies in the text. */
export interface CvatImage extends Span {
  readonly attributes: Readonly<Record<string, string>>;
  readonly shapes: readonly CvatShape[];
}

/** Elements of an image that are not shapes. */
const NO_SHAPES = new Set(['tag']);

/** Characters that are parsed at a time. */
const PIECE = 256 * 1024;

/** Makes a parser that calls `onImage` for each image and `onTrack` for each track of a video. */
function parserOf(
  text: string,
  file: string,
  onImage: (image: CvatImage) => void,
  onTrack: () => void,
): SaxesParser {
  const parser = new SaxesParser();
  let image: { start: number; attributes: Record<string, string>; shapes: CvatShape[] } | null =
    null;
  let shape: {
    start: number;
    depth: number;
    type: string;
    attributes: Record<string, string>;
  } | null = null;
  let depth = 0;
  parser.on('error', ({ message }) => {
    throw new UnreadableFile(file, `is no valid XML (${message}): copy it again.`);
  });
  parser.on('opentag', ({ name, attributes }) => {
    depth += 1;
    // An attribute cannot contain “<”, so the last “<” begins this element.
    const start = text.lastIndexOf('<', parser.position - 1);
    if (image === null) {
      if (name === 'image') image = { start, attributes, shapes: [] };
      else if (name === 'track') onTrack();
    } else if (shape === null && !NO_SHAPES.has(name)) {
      shape = { start, depth, type: name, attributes };
    }
  });
  parser.on('closetag', ({ name }) => {
    const end = parser.position;
    if (shape !== null && depth === shape.depth) {
      const { start, type, attributes } = shape;
      image!.shapes.push({ start, end, type, attributes });
      shape = null;
    } else if (name === 'image' && image !== null && shape === null) {
      onImage({ ...image, end });
      image = null;
    }
    depth -= 1;
  });
  return parser;
}

/**
 * Parses a text and calls `onImage` for each image, in the file's order.
 * @param text a whole file, or the element of one image
 * @throws UnreadableFile when the text is not valid XML.
 */
export function parseCvat(text: string, file: string, onImage: (image: CvatImage) => void): void {
  parserOf(text, file, onImage, () => undefined)
    .write(text)
    .close();
}

/**
 * Parses a whole file piece by piece.
 * @param steps counts the characters
 * @throws UnreadableFile when the file is not valid XML; the signal's reason when cancelled.
 */
export async function readCvat(
  text: string,
  file: string,
  steps: Steps,
  onImage: (image: CvatImage) => void,
  onTrack: () => void,
): Promise<void> {
  const parser = parserOf(text, file, onImage, onTrack);
  for (let at = 0; at < text.length; at += PIECE) {
    const piece = text.slice(at, at + PIECE);
    parser.write(piece);
    await steps.take(piece.length);
  }
  parser.close();
}

/** Escapes a value for an attribute. */
export function escapeAttribute(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
