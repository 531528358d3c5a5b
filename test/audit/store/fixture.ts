/** Makes a small dataset and project in a temporary folder, for the tests of the store. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Mask } from '../../../audit/imaging/types.ts';
import { createProject } from '../../../audit/store/project.ts';
import type { NewCase } from '../../../audit/store/types.ts';
import type { StoreWriter } from '../../../audit/store/writer.ts';

export const structures = [
  { name: 'lung', colour: '#3366cc' },
  { name: 'heart', colour: '#cc3333' },
];

export interface Place {
  /** The temporary folder, which contains `dataset/` and the project. */
  readonly folder: string;
  readonly dataset: string;
  readonly project: string;
  remove(): void;
}

export function makePlace(name = 'thorax.overread'): Place {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'overread-store-'));
  const dataset = path.join(folder, 'dataset');
  mkdirSync(dataset);
  return {
    folder,
    dataset,
    project: path.join(folder, name),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export function createIn(place: Place): Promise<StoreWriter> {
  return createProject(place.project, {
    name: 'Thorax',
    structures,
    origin: { format: 'folders', root: place.dataset, options: {}, layout: { a: 1 } },
  });
}

/** A mask of pseudo-random pixels, which differ for each seed. */
export function makeMask(width: number, height: number, seed: number): Mask {
  const data = new Uint8Array(width * height);
  let state = (seed * 2654435761 + 12345) >>> 0;
  for (let at = 0; at < data.length; at++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[at] = state >>> 31;
  }
  return { width, height, data };
}

/** Makes a case with a drawn lung and an empty heart, and writes its image file into the dataset. */
export function makeCase(place: Place, number: number, size = 16): NewCase {
  const id = `case ${number}`;
  const imageFile = path.join(place.dataset, `${id}.png`);
  const bytes = Buffer.from(`image ${number}`);
  writeFileSync(imageFile, bytes);
  const sourceFile = path.join(place.dataset, 'masks', `${id}.png`);
  const empty = { width: size, height: size, data: new Uint8Array(size * size) };
  return {
    id,
    imageFile,
    imageHash: createHash('sha256').update(bytes).digest('hex'),
    image: { width: size, height: size, bits: 12, spacing: [0.175, 0.175] },
    split: number % 2 ? 'train' : null,
    annotator: null,
    labels: [
      { structure: 'lung', mask: makeMask(size, size, number), sourceFile },
      { structure: 'heart', mask: empty, sourceFile },
    ],
  };
}
