// The files to mutate: every file of the formats' fixtures, each within a dataset. One dataset holds many
// mutations of a picture, alternately as image and as mask. A mutation of a file that describes a whole
// dataset gets its own import.
import { Buffer } from 'node:buffer';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeGif } from '../../dist/audit/codecs/gif.js';
import { readRaster } from '../../dist/audit/codecs/index.js';
import { encodePng } from '../../dist/audit/codecs/png.js';
import { repacked, packedProject } from './zip.mjs';

const FOLDER = fileURLToPath(new URL('../audit/fixtures', import.meta.url));
/** Number of mutations that one dataset holds. */
const TOGETHER = 40;
const SMALL = { width: 24, height: 16 };

function put(path, bytes) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}

/** A picture whose pixels depend on its number. */
function picture({ width, height }, number, most = 255) {
  const data = Uint8Array.from(
    { length: width * height },
    (_, i) => (number * 37 + i * 7 + Math.floor(i / width) * 3) % (most + 1),
  );
  data[0] = number % 256;
  data[data.length - 1] = (number >> 8) % 256;
  return encodePng({ width, height, bits: 8, data });
}

function mask({ width, height }) {
  const data = Uint8Array.from({ length: width * height }, (_, i) =>
    i % width > width / 4 && i > (width * height) / 3 ? 255 : 0,
  );
  return encodePng({ width, height, bits: 8, data });
}

/**
 * The size of a picture, which the files beside it must have; SMALL if the picture cannot be read.
 */
async function sizeOf(path) {
  const read = await readRaster(path).catch(() => null);
  return read === null ? SMALL : { width: read.raster.width, height: read.raster.height };
}

/**
 * The fixture of one picture: mutations with even numbers are images, those with odd numbers are masks.
 */
function pictures(file) {
  const path = join(FOLDER, file);
  const extension = file.endsWith('.nii.gz') ? '.nii.gz' : extname(file);
  return {
    name: file,
    format: 'folders',
    kind: extension === '.nii.gz' ? 'gzip' : null,
    together: TOGETHER,
    original: () => readFileSync(path),
    async lay(root, items) {
      const size = await sizeOf(path);
      const drawn = await mask(size);
      for (const { number, bytes } of items) {
        const [own, other] = number % 2 === 0 ? ['images', 'lung'] : ['lung', 'images'];
        put(join(root, own, `m${number}${extension}`), bytes);
        const partner = other === 'lung' ? drawn : await picture(size, number);
        put(join(root, other, `m${number}.png`), partner);
      }
    },
  };
}

/** Gives a mutated DICOM file other UIDs of the same length, which depend on its number. */
function instance(bytes, number) {
  const text = bytes.toString('latin1').replaceAll('.498.77.', `.${100 + (number % 900)}.77.`);
  return Buffer.from(text, 'latin1');
}

/**
 * The fixture of one DICOM file: an image with a mask in a folder, or DICOM-SEG beside its image.
 */
function dicom(name) {
  const path = join(FOLDER, 'dicom', name);
  const isLabels = /(^|-)seg-/.test(name);
  const imageOf = {
    'seg-fractional': 'implicit-little',
    'seg-placed': 'placed',
    'seg-turned': 'placed',
    'seg-moved': 'placed',
  };
  const image = join(
    FOLDER,
    'dicom',
    `${imageOf[basename(name, '.dcm')] ?? 'explicit-little'}.dcm`,
  );
  return {
    name: `dicom/${name}`,
    format: 'dicom',
    kind: null,
    // The first 128 bytes, the preamble, are empty.
    from: 128,
    together: TOGETHER,
    original: (number) => instance(readFileSync(path), number),
    async lay(root, items) {
      const drawn = await mask(await sizeOf(path));
      for (const { number, bytes } of items) {
        put(join(root, isLabels ? 'labels' : 'images', `m${number}.dcm`), bytes);
        if (isLabels)
          put(join(root, 'images', `i${number}.dcm`), instance(readFileSync(image), number));
        else put(join(root, 'lung', `m${number}.png`), drawn);
      }
      if (isLabels) return;
      put(join(root, 'images', 'whole.dcm'), instance(readFileSync(image), 899));
      put(join(root, 'lung', 'whole.png'), await mask({ width: 23, height: 17 }));
    },
  };
}

/** The fixture of one file of a dataset, whose other files are copied unchanged. */
function inDataset(format, folder, target, kind, options = {}) {
  return {
    name: `${folder}/${target}`,
    format,
    options,
    kind,
    together: 1,
    original: () => readFileSync(join(FOLDER, folder, target)),
    lay(root, [{ bytes }]) {
      cpSync(join(FOLDER, folder), root, { recursive: true });
      put(join(root, target), bytes);
    },
  };
}

/** The fixture of one file of a small dataset that `make` writes. */
function inMade(name, kind, original, make, format = 'folders', options = {}) {
  return {
    name,
    format,
    options,
    kind,
    together: 1,
    original: () => Buffer.from(original),
    async lay(root, [{ bytes }]) {
      await make(root, bytes);
    },
  };
}

const LEGENDS = {
  'legend.json': '{"1": "lung", "2": "heart", "3": "left clavicle"}',
  'legend.json of bits': '{"bits": {"0": "lung", "1": "heart"}}',
  'classes.txt': '0 background\n1 lung\n2: heart\n3, left clavicle\n',
};

async function valued(root) {
  for (const number of [1, 2]) {
    put(join(root, 'images', `a${number}.png`), await picture(SMALL, number));
    put(join(root, 'masks', `a${number}.png`), await picture(SMALL, number, 3));
  }
}

function legends() {
  return Object.entries(LEGENDS).map(([name, text]) => {
    const kind = name.endsWith('.txt') ? 'lines' : 'json';
    return inMade(`folders/${name}`, kind, text, async (root, bytes) => {
      await valued(root);
      put(join(root, 'masks', name.split(' ')[0]), bytes);
    });
  });
}

async function withSplits(root, bytes) {
  await valued(root);
  put(join(root, 'masks', 'legend.json'), LEGENDS['legend.json']);
  put(join(root, 'splits.json'), bytes);
}

/** Writes a DICOMDIR above the images that it lists, and masks. */
async function withDirectory(root, bytes) {
  cpSync(join(FOLDER, 'dicom/medium'), root, { recursive: true });
  put(join(root, 'DICOMDIR'), bytes);
  const drawn = await mask({ width: 23, height: 17 });
  // Both images have the same name, so their cases are named by the ends of their UIDs.
  for (const end of [70, 71]) put(join(root, 'lung', `IM000000-${end}.png`), drawn);
}

/** An image as in JSRT's original files: 8 MB of samples without a header. */
function jsrtOriginal() {
  const bytes = Buffer.alloc(2048 * 2048 * 2);
  for (let i = 0; i < bytes.length; i += 2)
    [bytes[i], bytes[i + 1]] = [(i >> 13) & 15, (i >> 5) & 255];
  return bytes;
}
const BLACK_AND_WHITE = Uint8Array.of(0, 0, 0, 255, 255, 255);
function scrMask() {
  const data = new Uint8Array(1024 * 1024);
  for (let y = 300; y < 600; y += 1) data.fill(1, y * 1024 + 400, y * 1024 + 600);
  return encodeGif({ width: 1024, height: 1024, data }, BLACK_AND_WHITE);
}
let jsrt = null;
function jsrtParts() {
  jsrt ??= { image: jsrtOriginal(), mask: scrMask() };
  return jsrt;
}
function jsrtFixtures() {
  const lay = (which) => ({
    format: 'jsrt',
    kind: null,
    together: 4,
    original: () => jsrtParts()[which],
    lay(root, items) {
      for (const { number, bytes } of items) {
        const parts = { ...jsrtParts(), [which]: bytes };
        const image = Buffer.from(parts.image);
        // Each mask gets a different image, since equal images would be one case.
        if (which === 'mask') image.writeUInt16BE(number % 4096, 2);
        put(join(root, 'All247images', `m${number}.IMG`), image);
        const masks = join(root, 'scratch/fold1/masks');
        put(join(masks, 'heart', `m${number}.gif`), parts.mask);
        put(join(masks, 'left clavicle', `m${number}.gif`), jsrtParts().mask);
      }
    },
  });
  return [
    { name: 'jsrt/original.IMG', ...lay('image') },
    { name: 'jsrt/scr.gif', ...lay('mask') },
  ];
}

/**
 * The fixtures of a packed project: mutations of the zip's bytes, and mutations of the files in it with
 * a new list of checksums.
 */
function zips() {
  let made = null;
  const zip = async () => {
    if (made !== null) return made;
    const folder = mkdtempSync(join(tmpdir(), 'overread-fuzz-zip-'));
    try {
      made = await packedProject(join(FOLDER, 'labelme/dataset'), folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    return made;
  };
  const base = { format: 'zip', kind: null, together: 1, original: zip };
  const lay = (root, [{ bytes }]) => put(join(root, 'p.overread.zip'), bytes);
  return [
    { name: 'zip/project.zip', ...base, lay },
    { name: 'zip/what is in it', ...base, mutate: repacked, lay },
  ];
}

const filesOf = (folder) =>
  readdirSync(join(FOLDER, folder)).filter(
    (name) => !/\.(json|py|bin|jsonl)$/.test(name) && name.includes('.'),
  );

/** All fixtures, the slowest last. */
export function allFixtures() {
  const nested = ['snappy', 'gzip', 'zstd', 'brotli'].map((codec) => ({
    ...inDataset('manifest', 'manifest', `${codec}.parquet`, null),
    options: { manifest: join('DATA', `${codec}.parquet`) },
  }));
  return [
    ...['png', 'jpeg', 'gif', 'bmp', 'tiff', 'nifti'].flatMap((folder) =>
      filesOf(folder).map((name) => pictures(`${folder}/${name}`)),
    ),
    ...filesOf('dicom').map(dicom),
    inMade(
      'dicom/DICOMDIR',
      null,
      readFileSync(join(FOLDER, 'dicom/medium/DICOMDIR')),
      withDirectory,
      'dicom',
    ),
    ...legends(),
    inMade('folders/splits.json', 'json', '{"train": ["a1"], "test": ["a2"]}', withSplits),
    inDataset('folders', 'pages/dataset', 'masks/a.tif', null),
    inDataset('folders', 'pages/dataset', 'masks/b.tif', null),
    inDataset('folders', 'pages/dataset', 'legend.json', 'json'),
    inDataset('coco', 'coco/dataset', 'annotations/instances_train2017.json', 'json'),
    inDataset('coco', 'coco/dataset', 'annotations/instances_val2017.json', 'json'),
    inDataset('labelstudio', 'labelstudio/dataset', 'project-1-at-2026-03-02.json', 'json'),
    inDataset('labelme', 'labelme/dataset', 'a.json', 'json'),
    inDataset('labelme', 'labelme/dataset', 'deep/b.json', 'json'),
    inDataset('labelme', 'labelme/dataset', 'gone.json', 'json'),
    inDataset('cvat', 'cvat/dataset', 'default.xml', 'xml'),
    inDataset('voc', 'voc/dataset', 'labelmap.txt', 'lines'),
    inDataset('voc', 'voc/dataset', 'ImageSets/Segmentation/train.txt', 'lines'),
    inDataset('voc', 'voc/dataset', 'SegmentationClass/a.png', null),
    inDataset('yolo', 'yolo/dataset', 'data.yaml', 'yaml'),
    inDataset('yolo', 'yolo/dataset', 'labels/train/a.txt', 'lines'),
    inDataset('yolo', 'yolo/dataset', 'labels/val/b.txt', 'lines'),
    inDataset('roboflow', 'roboflow/dataset', 'train/_classes.csv', 'lines'),
    inDataset('roboflow', 'roboflow/dataset', 'train/a.rf.1_mask.png', null),
    inDataset('nnunet', 'nnunet/v1', 'dataset.json', 'json'),
    inDataset('nnunet', 'nnunet/v2', 'dataset.json', 'json'),
    inDataset('nnunet', 'nnunet/v2', 'splits_final.json', 'json'),
    inDataset('nnunet', 'nnunet/v2', 'labelsTr/a.nii.gz', 'gzip'),
    inDataset('manifest', 'manifest', 'manifest.csv', 'lines'),
    ...nested,
    ...zips(),
    // The largest files, which are the slowest.
    ...jsrtFixtures(),
  ];
}
