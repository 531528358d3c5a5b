/**
 * Writes networks as ONNX files that are so small that a test can compute their output, and a project
 * of images on which they are right: bright pixels are lung, dark pixels are heart.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { encode } from 'fast-png';
import { ATTRIBUTE, FLOAT, encodeModel } from '../../../models/onnx/schema.ts';
import type { Initializer, Node, ValueInfo } from '../../../models/onnx/schema.ts';
import { modelMetadata } from '../../../models/onnx/metadata.ts';
import type { Mask } from '../../../audit/imaging/types.ts';
import { createProject } from '../../../audit/store/project.ts';
import type { ProjectWriter } from '../../../audit/store/types.ts';

const STRUCTURES = [
  { name: 'lung', colour: '#5db2ff' },
  { name: 'heart', colour: '#ff7aa8' },
];
/** For each structure: a pixel's logit is `slope`·z + `offset`; z is the pixel in the z-scored image. */
const LOGITS = [
  { slope: 8, offset: -6 },
  { slope: -8, offset: -6 },
];
export const SIDE = 32;

const node = (
  op: string,
  input: string[],
  output: string,
  attribute: Node['attribute'] = [],
): Node => ({
  op_type: op,
  name: output,
  input,
  output: [output],
  attribute,
});

function tensor(name: string, dims: number[], values: number[]): Initializer {
  const bytes = new Uint8Array(Float32Array.from(values).buffer);
  return { name, dims, data_type: FLOAT, raw_data: bytes };
}

function value(name: string, sides: (number | string)[]): ValueInfo {
  const dim = sides.map((side) =>
    typeof side === 'number' ? { dim_value: side } : { dim_param: side },
  );
  return { name, type: { tensor_type: { elem_type: FLOAT, shape: { dim } } } };
}

export interface ModelOptions {
  readonly structures?: readonly string[];
  readonly side?: number;
  readonly run?: string;
  /** Whether the segmenter draws nothing anywhere. */
  readonly blind?: boolean;
}

function write(
  file: string,
  kind: 'qam' | 'segmenter',
  graph: Parameters<typeof encodeModel>[0]['graph'],
  options: ModelOptions,
): void {
  const side = options.side ?? SIDE;
  const metadata = modelMetadata({
    kind,
    structures: options.structures ?? STRUCTURES.map(({ name }) => name),
    width: side,
    height: side,
    run: options.run ?? 'test',
  });
  writeFileSync(
    file,
    encodeModel({
      ir_version: 6,
      opset_import: [{ domain: '', version: 11 }],
      producer_name: 'test',
      graph,
      metadata_props: Object.entries(metadata).map(([key, text]) => ({
        key: `overread.${key}`,
        value: text,
      })),
    }),
  );
}

/** Writes a segmenter: for each structure, probability = sigmoid(slope·z + offset). */
export function writeSegmenter(file: string, options: ModelOptions = {}): void {
  const side = options.side ?? SIDE;
  const n = LOGITS.length;
  write(
    file,
    'segmenter',
    {
      name: 'segmenter',
      node: [
        node('Conv', ['image', 'w', 'b'], 'logits'),
        node('Sigmoid', ['logits'], 'probabilities'),
      ],
      initializer: [
        tensor(
          'w',
          [n, 1, 1, 1],
          LOGITS.map(({ slope }) => slope),
        ),
        tensor(
          'b',
          [n],
          LOGITS.map(({ offset }) => (options.blind === true ? -60 : offset)),
        ),
      ],
      input: [value('image', ['batch', 1, side, side])],
      output: [value('probabilities', ['batch', n, side, side])],
    },
    options,
  );
}

/**
 * Writes a QAM. Its score is minus the mean over the pixels of Σ (label − probability)², where Σ runs
 * over the structures; the probabilities are those of `writeSegmenter`.
 */
export function writeQam(file: string, options: ModelOptions = {}): void {
  const side = options.side ?? SIDE;
  const n = LOGITS.length;
  const row = (at: number, by: number): number[] =>
    Array.from({ length: n + 1 }, (_, i) => (i === at ? by : 0));
  write(
    file,
    'qam',
    {
      name: 'qam',
      node: [
        node('Conv', ['input', 'w', 'b'], 'logits'),
        node('Sigmoid', ['logits'], 'p'),
        node('Conv', ['input', 'pick'], 'labels'),
        node('Sub', ['labels', 'p'], 'off'),
        node('Mul', ['off', 'off'], 'squared'),
        node('Conv', ['squared', 'minus'], 'quality_map'),
        node('GlobalAveragePool', ['quality_map'], 'pooled'),
        node('Flatten', ['pooled'], 'score', [{ name: 'axis', type: ATTRIBUTE.int, i: 1 }]),
      ],
      initializer: [
        tensor(
          'w',
          [n, n + 1, 1, 1],
          LOGITS.flatMap(({ slope }) => row(0, slope)),
        ),
        tensor(
          'b',
          [n],
          LOGITS.map(({ offset }) => offset),
        ),
        tensor(
          'pick',
          [n, n + 1, 1, 1],
          LOGITS.flatMap((_, s) => row(s + 1, 1)),
        ),
        tensor('minus', [1, n, 1, 1], new Array<number>(n).fill(-1)),
      ],
      input: [value('input', ['batch', n + 1, side, side])],
      output: [value('score', ['batch', 1]), value('quality_map', ['batch', 1, side, side])],
    },
    options,
  );
}

const SIZE = 64;

/** A mask of 64 × 64 pixels that is 1 for x0 ≤ x < x1 and y0 ≤ y < y1. */
export function rectangle(x0: number, y0: number, x1: number, y1: number): Mask {
  const data = new Uint8Array(SIZE * SIZE);
  for (let y = y0; y < y1; y += 1) data.fill(1, y * SIZE + x0, y * SIZE + x1);
  return { width: SIZE, height: SIZE, data };
}

/** The labels of a case; null for a label that nobody drew. */
export interface Drawn {
  readonly lung: Mask | null;
  readonly heart: Mask | null;
}

export interface Place {
  readonly folder: string;
  readonly qam: string;
  readonly segmenter: string;
  readonly project: ProjectWriter;
  imageFile(id: string): string;
  remove(): void;
}

/** The true masks of the i-th case. */
export function truth(i: number): { lung: Mask; heart: Mask } {
  const shift = 2 * (i % 4);
  return {
    lung: rectangle(4 + shift, 8, 24 + shift, 52),
    heart: rectangle(38, 20 + shift, 54, 40 + shift),
  };
}

/** Makes a project of `count` cases; labels are the true masks, except those that `drawn` returns. */
export async function makePlace(
  count: number,
  drawn: (i: number) => Partial<Drawn> = () => ({}),
): Promise<Place> {
  const folder = mkdtempSync(path.join(tmpdir(), 'overread-score-'));
  const dataset = path.join(folder, 'data');
  mkdirSync(dataset);
  const project = await createProject(path.join(folder, 'p.overread'), {
    name: 'p',
    structures: STRUCTURES,
    origin: { format: 'folders', root: dataset, options: {}, layout: null },
  });
  const imageFile = (id: string): string => path.join(dataset, `${id}.png`);
  const cases = Array.from({ length: count }, (_, i) => {
    const id = `c${String(i).padStart(4, '0')}`;
    const { lung, heart } = truth(i);
    const data = new Uint8Array(SIZE * SIZE).fill(100);
    for (let p = 0; p < data.length; p += 1) {
      if (lung.data[p]) data[p] = 220;
      if (heart.data[p]) data[p] = 5;
    }
    writeFileSync(
      imageFile(id),
      encode({ width: SIZE, height: SIZE, data, channels: 1, depth: 8 }),
    );
    const labels = Object.entries({ lung, heart, ...drawn(i) }).flatMap(([structure, mask]) =>
      mask === null ? [] : [{ structure, mask, sourceFile: `${structure}.png` }],
    );
    const imageHash = createHash('sha256')
      .update(readFileSync(imageFile(id)))
      .digest('hex');
    const image = { width: SIZE, height: SIZE, bits: 8 };
    const about = { split: null, annotator: null, patient: `Doe^${id}`, study: null };
    return { id, imageFile: imageFile(id), imageHash, image, ...about, labels };
  });
  await project.addCases(cases);
  const qam = path.join(folder, 'qam.onnx');
  const segmenter = path.join(folder, 'segmenter.onnx');
  writeQam(qam);
  writeSegmenter(segmenter);
  return {
    folder,
    qam,
    segmenter,
    project,
    imageFile,
    remove: () => {
      project.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
