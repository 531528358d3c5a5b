/** The reader `yolo`: reads `data.yaml`, the images, and a text file of outlines for each image. */
import { relative, resolve } from 'node:path';
import { counted } from '../../../contract/words.ts';
import { caseOf } from '../../import/case.ts';
import { UnreadableFile } from '../../../codecs/index.ts';
import { imagesOf } from '../../masks/matching.ts';
import { listingOf } from '../../import/listing.ts';
import { leftOut } from '../../import/notices.ts';
import { RecentFiles } from '../../tree/recent-files.ts';
import { shapeLabels } from '../../masks/shapes.ts';
import type { DrawnShape } from '../../masks/shapes.ts';
import { Steps } from '../../import/steps.ts';
import { portable } from '../../tree/places.ts';
import { linesOf, readText } from '../../tree/text.ts';
import type { ImportNotice } from '../../../contract/terms.ts';
import type { CaseSource, DatasetListing, DatasetReader, Looking } from '../../types.ts';
import { isImageName, walk } from '../../tree/walk.ts';
import { nearlyYolo, planYolo, yoloId } from './find.ts';
import { labelFileOf } from './layout.ts';
import type { YoloLayout } from './layout.ts';
import { parseYoloLine, yoloShape } from './lines.ts';

type Classes = ReadonlyMap<number, string>;

/** The outlines in a label file, and the number of its boxes and of its other unused lines. */
export interface YoloFile {
  readonly shapes: readonly DrawnShape[];
  readonly boxes: number;
  /** Number of outlines of a class that nothing names. */
  readonly nameless: number;
  readonly others: number;
}

export function readYoloText(text: string, classes: Classes): YoloFile {
  const shapes: DrawnShape[] = [];
  let boxes = 0;
  let nameless = 0;
  let others = 0;
  linesOf(text).forEach((line, place) => {
    const parsed = parseYoloLine(line);
    if (parsed === 'blank') return;
    const structure = typeof parsed === 'string' ? undefined : classes.get(parsed.classNumber);
    if (parsed === 'box') boxes += 1;
    else if (parsed === 'other') others += 1;
    else if (structure === undefined) nameless += 1;
    else shapes.push(yoloShape(structure, place, parsed));
  });
  return { shapes, boxes, nameless, others };
}

function noticesOf(file: string, { boxes, nameless, others }: YoloFile): ImportNotice[] {
  const notices: ImportNotice[] = [];
  if (boxes > 0) {
    notices.push(leftOut(file, `has ${counted(boxes, 'box')} without an outline.`));
  }
  if (nameless > 0) {
    const outlines = counted(nameless, 'outline');
    notices.push(
      leftOut(
        file,
        `has ${outlines} of a class that has no name: add it to the names of the classes.`,
      ),
    );
  }
  if (others > 0) {
    const lines = counted(others, 'line');
    notices.push(
      leftOut(file, `has ${lines} without an outline, which is a class and three or more corners.`),
    );
  }
  return notices;
}

async function open(
  source: string,
  _options: unknown,
  looking: Looking = {},
): Promise<DatasetListing> {
  const root = resolve(source);
  const plan = await planYolo(root);
  const classes: Classes = new Map(plan.classes);
  const layout: YoloLayout = { classes: plan.classes.map(([n, name]) => [n, name]), cases: {} };
  const notices: ImportNotice[] = [];
  const cases: CaseSource[] = [];
  const cache = new RecentFiles<YoloFile>();
  const load = async (file: string) => readYoloText(await readText(file), classes);
  const parts = [];
  for (const { folder, split } of plan.folders) {
    const files = (await walk(folder, looking.signal)).filter(({ path }) => isImageName(path));
    const found = imagesOf(files);
    // Two images with one stem share a text file, so only one of them can have its outlines.
    notices.push(...found.notices);
    parts.push({ split, images: found.images });
  }
  const steps = new Steps(
    parts.reduce((sum, { images }) => sum + images.length, 0),
    looking,
  );
  for (const { images, split } of parts) {
    for (const { path } of images) {
      await steps.take();
      const image = portable(root, path);
      const id = yoloId(root, path);
      const label = resolve(root, labelFileOf(image));
      try {
        if (layout.cases[id] !== undefined) {
          notices.push(leftOut(path, `has the same name as ${layout.cases[id].image}.`));
          continue;
        }
        const file = await load(label);
        notices.push(...noticesOf(label, file));
        const structures = [...new Set(file.shapes.map(({ structure }) => structure))];
        if (structures.length === 0) {
          notices.push(leftOut(path, 'has no outline of any structure.'));
          continue;
        }
        layout.cases[id] = { image, label: labelFileOf(image) };
        const read = async () => ({ size: null, shapes: (await cache.read(label, load)).shapes });
        cases.push(caseOf(id, path, shapeLabels(label, structures, read), split));
      } catch (error) {
        if (!(error instanceof UnreadableFile)) throw error;
        notices.push(leftOut(path, `has no labels: ${relative(root, label)} ${error.problem}`));
      }
    }
  }
  const structures = plan.classes.map(([, name]) => name);
  return listingOf(
    { root, structures, notices, cases, layout },
    `${root} has no image with outlines: each needs a text file in a folder “labels”.`,
  );
}

/** The reader `yolo`; it has no options. */
export const yoloReader: DatasetReader = {
  looksFor: 'a file data.yaml with the folders “images” and “labels” of YOLO',
  guess: async (source) => {
    const root = resolve(source);
    const plan = await planYolo(root).catch(() => null);
    if (plan === null) return null;
    return {
      confidence: 0.9,
      because: `it has a data file of YOLO (${relative(root, plan.file)})`,
    };
  },
  nearly: (source) => nearlyYolo(resolve(source)),
  open,
};
