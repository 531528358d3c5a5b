/**
 * The writer `voc`: draws corrected labels into the palette masks and renumbers their instances. Of a
 * case that the export leaves out it writes no file, and it removes the case from the lists in
 * `ImageSets`. It copies all other files byte for byte. A pixel has one class, so where structures
 * overlap, the one with the later class covers the other; `foresee` reports these losses. The pixels of
 * an excluded label become void.
 */
import { dirname, extname, join } from 'node:path';
import { codingOf } from '../../masks/coding.ts';
import type { Coding } from '../../masks/coding.ts';
import { encodeValues } from '../../masks/mask-style.ts';
import { putBytes, putCopy } from '../../export/target-folder.ts';
import { changed } from '../../import/notices.ts';
import { writeCases } from '../../export/write-cases.ts';
import { putImage } from '../../export/put-image.ts';
import { putRest } from '../../export/unchanged-files.ts';
import type { ImportNotice } from '../../../contract/terms.ts';
import type { DatasetWriter, ExportedCase, WriteOptions } from '../../types.ts';
import type { VocClasses } from './classes.ts';
import { asStored, readVocMask } from './colours.ts';
import type { VocMask } from './colours.ts';
import {
  BOXES,
  CLASSES,
  CLASSES_PNG,
  IMAGES,
  IMAGE_SETS,
  LABEL_MAP,
  OBJECTS,
  OBJECTS_PNG,
  VOID,
  VocLayout,
  vocPalette,
} from './layout.ts';
import { mergeObjects } from './objects.ts';
import { linesOf } from '../../tree/text.ts';
import { idOf } from '../../tree/walk.ts';
import { drawValues, isUntouched, lossesIn, lostNotes } from '../../masks/values.ts';
import type { ValuesFile } from '../../masks/values.ts';
import { readRegular } from '../../../regular.ts';

interface Job {
  readonly out: string;
  readonly layout: VocLayout;
  readonly options: WriteOptions;
  /** Files written, relative to the root. */
  readonly written: Set<string>;
}

/** The layout for a dataset of another format. */
function newLayout({ structures }: WriteOptions): VocLayout {
  return { base: '', legend: structures.map(({ name }, i) => [i + 1, name]), cases: {} };
}

const codingIn = ({ legend }: VocLayout): Coding => codingOf(legend, 'values');

const classesIn = ({ legend, colours }: VocLayout): VocClasses => ({
  legend,
  colours: colours === undefined ? null : new Map(colours),
});

/** The instances of a case have the challenge's colours, and no names. */
const INSTANCES: VocClasses = { legend: [], colours: null };

async function maskFile(
  { options, layout }: Pick<Job, 'options' | 'layout'>,
  item: ExportedCase,
): Promise<VocMask> {
  const own = layout.cases[item.id];
  if (own !== undefined) return readVocMask(join(options.root, own.mask), classesIn(layout));
  const { width, height } = item;
  return {
    values: { width, height, data: new Uint8Array(width * height) },
    container: { format: 'png', bits: 8, palette: vocPalette() },
    isNew: true,
    unknown: new Map(),
    notes: [],
  };
}

async function put(job: Job, path: string, file: ValuesFile): Promise<void> {
  job.written.add(path);
  await putBytes(job.out, path, await encodeValues(file.values, file.container));
}

/**
 * Writes the case's PNG of instances with new numbers, if the dataset has such a PNG and it has the
 * mask's size.
 */
async function writeObjects(
  job: Job,
  path: string,
  before: ValuesFile,
  after: ValuesFile,
): Promise<void> {
  const place = join(job.options.root, path);
  const objects = await readVocMask(place, INSTANCES).catch(() => null);
  const { width, height, data } = after.values;
  if (objects?.values.width !== width || objects.values.height !== height) return;
  const isChanged = (value: number) =>
    data.some((now, i) => (now === value) !== (before.values.data[i] === value));
  const corrected = job.layout.legend.map(([value]) => value).filter(isChanged);
  const values = mergeObjects(before.values, after.values, objects.values, corrected);
  await put(job, path, asStored(objects, { ...objects, values }, INSTANCES));
}

async function writeCase(job: Job, item: ExportedCase): Promise<ImportNotice[]> {
  const { out, layout, options, written } = job;
  const own = layout.cases[item.id];
  const notices: ImportNotice[] = [];
  if (own === undefined) {
    const image = await putImage(out, `${IMAGES}/${item.id}`, item.imageFile, options.link);
    written.add(image.path);
    notices.push(...image.notices);
  } else {
    written.add(own.image);
    await putCopy(out, own.image, item.imageFile, options.link);
  }
  if (own !== undefined && isUntouched(item.labels)) return [];
  const before = await maskFile(job, item);
  const drawn = await drawValues(before, codingIn(layout), item.labels, VOID);
  const path = own?.mask ?? `${CLASSES}/${item.id}.png`;
  await put(job, path, asStored(before, drawn, classesIn(layout)));
  const objects = path
    .replace(`${CLASSES}/`, `${OBJECTS}/`)
    .replace(`${CLASSES_PNG}/`, `${OBJECTS_PNG}/`);
  if (own !== undefined) await writeObjects(job, objects, before, drawn);
  const notice = changed(path, lostNotes(drawn, 'void (255)'));
  return notice === undefined ? notices : [...notices, notice];
}

/** Writes `labelmap.txt` for a dataset of another format. */
async function writeLabelMap({ out, layout }: Job): Promise<void> {
  const palette = vocPalette();
  const lines = [[0, 'background'] as const, ...layout.legend].map(
    ([value, name]) => `${name}:${palette.subarray(3 * value, 3 * value + 3).join(',')}::`,
  );
  await putBytes(out, LABEL_MAP, `# label:color_rgb:parts:actions\n${lines.join('\n')}\n`);
}

/** Whether a file belongs to one of the cases `ids`. */
function belongsTo({ layout: { base } }: Job, path: string, ids: ReadonlySet<string>): boolean {
  const own = base === '' ? path : path.slice(base.length + 1);
  const [folder, ...rest] = own.split('/');
  const folders = [IMAGES, CLASSES, OBJECTS, CLASSES_PNG, OBJECTS_PNG, BOXES];
  return folders.includes(folder) && ids.has(idOf(rest.join('/')));
}

/** Writes the lists in `ImageSets` without the cases that were left out. */
async function writeSets(job: Job, gone: ReadonlySet<string>, lists: readonly string[]) {
  for (const path of lists) {
    const text = await readRegular(join(job.options.root, path), 'utf8');
    const isKept = (line: string) => !gone.has(line.trim().split(/\s+/)[0].normalize('NFC'));
    await putBytes(job.out, path, linesOf(text).filter(isKept).join(''));
  }
}

async function writeRest(job: Job, cases: ReadonlySet<string>): Promise<void> {
  const { out, layout, options, written } = job;
  const gone = new Set(Object.keys(layout.cases).filter((id) => !cases.has(id)));
  const sets = join(layout.base, IMAGE_SETS);
  const lists: string[] = [];
  const isDone = (path: string): boolean => {
    if (written.has(path) || belongsTo(job, path, gone)) return true;
    if (gone.size === 0 || extname(path) !== '.txt' || dirname(dirname(path)) !== sets)
      return false;
    lists.push(path);
    return true;
  };
  await putRest(out, options.root, isDone, options.link);
  await writeSets(job, gone, lists);
}

const layoutOf = (layout: unknown, options: WriteOptions): VocLayout =>
  layout === null ? newLayout(options) : VocLayout.parse(layout);

export const vocWriter: DatasetWriter = {
  holds: 'One structure per pixel: where two overlap, the later covers the earlier.',
  open: (given, options) => {
    const layout = layoutOf(given, options);
    const coding = codingIn(layout);
    return {
      foresee: async (item) => {
        if (given !== null && isUntouched(item.labels)) return [];
        const before = await maskFile({ layout, options }, item);
        return lossesIn(await drawValues(before, coding, item.labels, VOID), coding, item);
      },
      write: async (out, cases) => {
        const job: Job = { out, layout, options, written: new Set() };
        const written = new Set<string>();
        const notices = await writeCases(cases, (item) => {
          written.add(item.id);
          return writeCase(job, item);
        });
        if (given === null) await writeLabelMap(job);
        else await writeRest(job, written);
        return notices;
      },
    };
  },
};
