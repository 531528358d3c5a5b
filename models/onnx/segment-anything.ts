/**
 * Runs a segmenter of the SAM family that a person brings: a folder with an encoder and a decoder as ONNX files. The
 * decoder has the signature of segment-anything's own export (`export_onnx_model.py`): image_embeddings,
 * point_coords, point_labels, mask_input, has_mask_input, orig_im_size → masks, iou_predictions, low_res_masks.
 * Encoders differ: one input of floats, [1, 3, side, side], normalised here as SAM does it, or an image
 * [height, width, 3] of 0 … 255 that the encoder normalises itself.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import './quiet.ts';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/** A grey image, a byte for each pixel. */
export interface GreyBytes {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** What a person pointed at, in pixels of the image. */
export interface Prompts {
  readonly points: readonly { readonly x: number; readonly y: number; readonly inside: boolean }[];
  /** Two opposite corners of a box around what is meant. */
  readonly box: readonly [number, number, number, number] | null;
}

/** What the encoder made of an image. */
export interface Embedding {
  readonly tensor: Tensor;
  readonly width: number;
  readonly height: number;
}

export interface SegmentAnything {
  encode(image: GreyBytes): Promise<Embedding>;
  /** @returns the mask at the image's size, a byte each, 0 or 1 */
  decode(embedding: Embedding, prompts: Prompts): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** The side of SAM's input, if the file does not say it. */
const SIDE = 1024;
/** Mean and standard deviation of SAM's input by colour, 0 … 255. */
const MEAN = [123.675, 116.28, 103.53];
const DEVIATION = [58.395, 57.12, 57.375];
/** The numbers that the decoder gives to points: outside, inside, the corners of a box, none. */
const POINT = { outside: 0, inside: 1, first: 2, last: 3, none: -1 } as const;
const NEEDED = ['image_embeddings', 'point_coords', 'point_labels'];
const KNOWN = [...NEEDED, 'mask_input', 'has_mask_input', 'orig_im_size'];

type Shape = readonly (number | string)[];
interface Opened {
  readonly file: string;
  readonly session: InferenceSession;
}

const shapeOf = (session: InferenceSession, name: string): Shape => {
  const found = session.inputMetadata.find((input) => input.name === name);
  return found?.isTensor === true ? found.shape : [];
};

const isDecoder = ({ session }: Opened): boolean =>
  NEEDED.every((name) => session.inputNames.includes(name));

const isEncoder = ({ session }: Opened): boolean => {
  if (session.inputNames.length !== 1) return false;
  const shape = shapeOf(session, session.inputNames[0]);
  return (shape.length === 4 && shape[1] === 3) || (shape.length === 3 && shape[2] === 3);
};

async function openAll(folder: string): Promise<Opened[]> {
  const names = await readdir(folder).catch(() => {
    throw new Error(`${folder} cannot be read: choose a folder with a SAM's encoder and decoder.`);
  });
  const files = names.filter((name) => /\.onnx$/i.test(name)).sort();
  if (files.length === 0) {
    throw new Error(`${folder} has no .onnx file: put a SAM's encoder and decoder there.`);
  }
  const opened: Opened[] = [];
  try {
    for (const name of files) {
      const file = join(folder, name);
      const session = await InferenceSession.create(file, { logSeverityLevel: 3 }).catch(
        (cause: unknown) => {
          throw new Error(`${file} is no ONNX network that can be run: export it again.`, {
            cause,
          });
        },
      );
      opened.push({ file, session });
    }
    return opened;
  } catch (error) {
    await Promise.all(opened.map(({ session }) => session.release()));
    throw error;
  }
}

/** The first network of its kind. @throws Error whose message is one sentence if there is none */
function pick(folder: string, all: readonly Opened[]): { encoder: Opened; decoder: Opened } {
  const decoder = all.find(isDecoder);
  const encoder = all.find((one) => one !== decoder && isEncoder(one));
  if (decoder === undefined) {
    throw new Error(
      `${folder} has no decoder of a SAM (its inputs are ${NEEDED.join(', ')}): export it there.`,
    );
  }
  if (encoder === undefined) {
    throw new Error(
      `${folder} has no encoder of a SAM (its input is an image of 3 colours): export it there.`,
    );
  }
  const other = decoder.session.inputNames.find((name) => !KNOWN.includes(name));
  if (other !== undefined) {
    throw new Error(
      `${decoder.file} needs “${other}”, which a SAM does not: export another decoder.`,
    );
  }
  return { encoder, decoder };
}

/** The image's size when its longer side has `side` pixels. */
function fitted(
  { width, height }: Pick<GreyBytes, 'width' | 'height'>,
  side: number,
): [number, number] {
  const scale = side / Math.max(width, height);
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

/** Interpolates linearly between pixels. */
function resized(
  { width, height, data }: GreyBytes,
  toWidth: number,
  toHeight: number,
): Float32Array {
  const result = new Float32Array(toWidth * toHeight);
  const place = (i: number, to: number, from: number): number =>
    Math.max(0, Math.min(from - 1, ((i + 0.5) * from) / to - 0.5));
  for (let y = 0, i = 0; y < toHeight; y += 1) {
    const v = place(y, toHeight, height);
    const above = Math.floor(v) * width;
    const below = Math.min(Math.floor(v) + 1, height - 1) * width;
    for (let x = 0; x < toWidth; x += 1, i += 1) {
      const u = place(x, toWidth, width);
      const [left, right] = [Math.floor(u), Math.min(Math.floor(u) + 1, width - 1)];
      const [across, down] = [u - left, v - Math.floor(v)];
      const top = data[above + left] * (1 - across) + data[above + right] * across;
      const bottom = data[below + left] * (1 - across) + data[below + right] * across;
      result[i] = top * (1 - down) + bottom * down;
    }
  }
  return result;
}

/** The encoder's input: normalised planes padded with zeros to a square, or the colours of each pixel. */
function inputOf(image: GreyBytes, shape: Shape, side: number): Tensor {
  const [width, height] = fitted(image, side);
  const grey = resized(image, width, height);
  if (shape.length === 3) {
    const [rows, columns] = [shape[0], shape[1]].map((size) =>
      typeof size === 'number' ? size : 0,
    );
    const [outHeight, outWidth] = [rows > 0 ? rows : height, columns > 0 ? columns : width];
    const pixels = new Float32Array(outHeight * outWidth * 3);
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        const at = 3 * (y * outWidth + x);
        pixels.fill(grey[y * width + x], at, at + 3);
      }
    }
    return new Tensor('float32', pixels, [outHeight, outWidth, 3]);
  }
  const planes = new Float32Array(3 * side * side);
  for (let colour = 0; colour < 3; colour += 1) {
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        planes[colour * side * side + y * side + x] =
          (grey[y * width + x] - MEAN[colour]) / DEVIATION[colour];
      }
    }
  }
  return new Tensor('float32', planes, [1, 3, side, side]);
}

/** The points that the decoder gets, in pixels of the encoder's input. */
function pointsOf(
  { points, box }: Prompts,
  scale: readonly [number, number],
): { coords: Float32Array; labels: Float32Array } {
  const all: { x: number; y: number; label: number }[] = points.map(({ x, y, inside }) => ({
    x,
    y,
    label: inside ? POINT.inside : POINT.outside,
  }));
  if (box === null) all.push({ x: 0, y: 0, label: POINT.none });
  else {
    const [x, y, right, bottom] = box;
    all.push({ x, y, label: POINT.first }, { x: right, y: bottom, label: POINT.last });
  }
  return {
    coords: Float32Array.from(all.flatMap(({ x, y }) => [x * scale[0], y * scale[1]])),
    labels: Float32Array.from(all, ({ label }) => label),
  };
}

/** The mask with the best estimate, at the image's size. Some decoders leave it at their own, padded to a square. */
function maskOf(
  outputs: Readonly<Record<string, Tensor>>,
  { width, height }: Embedding,
  side: number,
): Uint8Array {
  const masks = outputs['masks'] ?? outputs['low_res_masks'] ?? Object.values(outputs)[0];
  const scores = outputs['iou_predictions'];
  const values = masks.data as Float32Array;
  const [rows, columns] = masks.dims.slice(-2);
  const count = values.length / (rows * columns);
  let best = 0;
  if (scores !== undefined && scores.data.length === count) {
    const estimates = scores.data as Float32Array;
    best = estimates.indexOf(Math.max(...estimates));
  }
  const plane = values.subarray(best * rows * columns, (best + 1) * rows * columns);
  if (rows === height && columns === width) return Uint8Array.from(plane, (v) => (v > 0 ? 1 : 0));
  const [used, usedRows] = fitted({ width, height }, side);
  const result = new Uint8Array(width * height);
  for (let y = 0, i = 0; y < height; y += 1) {
    const row = Math.min(rows - 1, Math.floor((((y + 0.5) * usedRows) / height / side) * rows));
    for (let x = 0; x < width; x += 1, i += 1) {
      const column = Math.min(
        columns - 1,
        Math.floor((((x + 0.5) * used) / width / side) * columns),
      );
      result[i] = plane[row * columns + column] > 0 ? 1 : 0;
    }
  }
  return result;
}

/**
 * Opens the networks in a folder.
 * @throws Error whose message is one sentence: which folder or file, what is wrong, what to do
 */
export async function openSegmentAnything(folder: string): Promise<SegmentAnything> {
  const all = await openAll(folder);
  const close = async (): Promise<void> => {
    await Promise.all(all.map(({ session }) => session.release()));
  };
  let chosen: { encoder: Opened; decoder: Opened };
  try {
    chosen = pick(folder, all);
  } catch (error) {
    await close();
    throw error;
  }
  const { session: encoder } = chosen.encoder;
  const { session: decoder } = chosen.decoder;
  const [imageName] = encoder.inputNames;
  const imageShape = shapeOf(encoder, imageName);
  const given =
    imageShape.length === 4 ? imageShape[2] : Math.max(...imageShape.slice(0, 2).map(Number));
  const side = typeof given === 'number' && given > 0 ? given : SIDE;
  const [maskRows, maskColumns] = shapeOf(decoder, 'mask_input')
    .slice(-2)
    .map((size) => (typeof size === 'number' && size > 0 ? size : side / 4));
  return {
    encode: async (image) => {
      const outputs = await encoder.run({ [imageName]: inputOf(image, imageShape, side) });
      const { width, height } = image;
      return { tensor: outputs[encoder.outputNames[0]], width, height };
    },
    decode: async (embedding, prompts) => {
      const { width, height, tensor } = embedding;
      const [used, usedRows] = fitted(embedding, side);
      const { coords, labels } = pointsOf(prompts, [used / width, usedRows / height]);
      const feeds: Record<string, Tensor> = {
        image_embeddings: tensor,
        point_coords: new Tensor('float32', coords, [1, labels.length, 2]),
        point_labels: new Tensor('float32', labels, [1, labels.length]),
        mask_input: new Tensor(
          'float32',
          new Float32Array((maskRows ?? side / 4) * (maskColumns ?? side / 4)),
          [1, 1, maskRows ?? side / 4, maskColumns ?? side / 4],
        ),
        has_mask_input: new Tensor('float32', Float32Array.of(0), [1]),
        orig_im_size: new Tensor('float32', Float32Array.of(height, width), [2]),
      };
      const wanted = decoder.inputNames.map((name): [string, Tensor] => [name, feeds[name]]);
      return maskOf(await decoder.run(Object.fromEntries(wanted)), embedding, side);
    },
    close,
  };
}
