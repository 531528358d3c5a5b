/**
 * The writer `jsrt`: writes the images and the five SCR masks to their original paths. A corrected
 * label of both sides is split (`sides.ts`). Masks are written at the size of their files.
 */
import { join, relative } from 'node:path';
import { addMask, differingPixels, emptyMask } from '../../../imaging/polygon.ts';
import { resampleMask } from '../../../imaging/resample.ts';
import type { Mask } from '../../../imaging/types.ts';
import { readHeader, readRaster } from '../../../codecs/index.ts';
import { ownLayout } from '../../export/own-layout.ts';
import { putBytes, putCopy } from '../../export/target-folder.ts';
import { JsrtLayout, jsrtStructures } from './layout.ts';
import type { ScrFolder } from './layout.ts';
import { MaskStyles, encodeMask } from '../../masks/mask-style.ts';
import type { MaskStyle } from '../../masks/mask-style.ts';
import { binaryMask } from '../../masks/masks.ts';
import { changed } from '../../import/notices.ts';
import { writeCases } from '../../export/write-cases.ts';
import { withSlashes } from '../../tree/places.ts';
import { splitSides } from './sides.ts';
import type { ImportNotice } from '../../../contract/terms.ts';
import type {
  DatasetWriter,
  ExportedCase,
  ExportedLabel,
  ForeseenLoss,
  WriteOptions,
} from '../../types.ts';

/** Number of cases that are written at a time: few, because the images are large. */
const IN_FLIGHT = 2;
/** The style of SCR's masks: black and white, half as wide and high as the images. */
const SCR_STYLE: MaskStyle = {
  format: 'gif',
  bits: 8,
  on: 1,
  off: 0,
  palette: Uint8Array.of(0, 0, 0, 255, 255, 255),
  size: { width: 1024, height: 1024 },
};

type Files = Readonly<Record<string, string>>;

/** The path for a new mask, beside the other masks of its case. */
function fileFor(folder: ScrFolder, id: string, files: Files): string {
  const beside = Object.values(files)[0];
  if (beside === undefined) return `masks/${folder}/${id}.gif`;
  return withSlashes(join(beside, '..', '..', folder, `${id}.gif`));
}

/** The mask in `file`, resampled to the size of `size`; an empty mask if `file` is null. */
async function originalMask(file: string | null, size: Mask): Promise<Mask> {
  if (file === null) return emptyMask(size.width, size.height);
  const { raster } = await readRaster(file);
  return resampleMask(binaryMask(raster).mask, size.width, size.height);
}

/** The mask to write to each file: the whole mask to one file, or its left and right side to two. */
async function partsOf(mask: Mask, sources: readonly (string | null)[]): Promise<readonly Mask[]> {
  if (sources.length < 2) return [mask];
  const before = await Promise.all(sources.map((source) => originalMask(source, mask)));
  const { left, right } = splitSides(mask, before[0], before[1]);
  return [left, right];
}

/** Number of pixels that differ when the label is written at the size of its files and read again. */
async function foreseeLabel(mask: Mask, sources: readonly (string | null)[]): Promise<number> {
  const again = emptyMask(mask.width, mask.height);
  const parts = await partsOf(mask, sources);
  for (const [index, source] of sources.entries()) {
    const size = source === null ? SCR_STYLE.size! : await readHeader(source);
    const small = resampleMask(parts[index], size.width, size.height);
    addMask(again, resampleMask(small, mask.width, mask.height));
  }
  return differingPixels(again, mask);
}

async function foresee(
  { sides, masks }: JsrtLayout,
  item: ExportedCase,
  root: string,
): Promise<ForeseenLoss[]> {
  const structures = new Map(jsrtStructures(sides));
  const files: Files = masks[item.id] ?? {};
  const losses: ForeseenLoss[] = [];
  for (const label of item.labels) {
    const { structure, corrected, verdict } = label;
    const folders = structures.get(structure) ?? [];
    if (!corrected || verdict === 'excluded' || folders.length === 0) continue;
    const mask = await label.mask();
    if (mask === null) continue;
    const sources = folders.map((folder) =>
      files[folder] === undefined ? null : join(root, files[folder]),
    );
    const pixels = await foreseeLabel(mask, sources);
    if (pixels > 0) losses.push({ case: item.id, structure, pixels });
  }
  return losses;
}

async function writeLabel(
  out: string,
  options: WriteOptions,
  styles: MaskStyles,
  item: ExportedCase,
  label: ExportedLabel,
  folders: readonly ScrFolder[],
  files: Files,
): Promise<ImportNotice[]> {
  if (label.verdict === 'excluded') return [];
  const sourceOf = (folder: ScrFolder) =>
    files[folder] === undefined ? null : join(options.root, files[folder]);
  if (!label.corrected) {
    for (const folder of folders) {
      const source = sourceOf(folder);
      if (source !== null) await putCopy(out, files[folder], source);
    }
    return [];
  }
  const mask = await label.mask();
  if (mask === null) return [];
  const parts = await partsOf(mask, folders.map(sourceOf));
  const notices: ImportNotice[] = [];
  for (const [index, folder] of folders.entries()) {
    const source = sourceOf(folder);
    const path = files[folder] ?? fileFor(folder, item.id, files);
    const style = source === null ? SCR_STYLE : await styles.ofFile(source, join(source, '..'));
    const { bytes, notes } = await encodeMask(parts[index], style);
    await putBytes(out, path, bytes);
    const split = folders.length === 2 ? 'was split from the mask of both sides.' : undefined;
    const notice = changed(path, [split, ...notes]);
    if (notice !== undefined) notices.push(notice);
  }
  return notices;
}

export const jsrtWriter: DatasetWriter = {
  holds: null,
  open: (given, options) => {
    const layout = ownLayout(JsrtLayout, given, 'jsrt', 'folders');
    const structures = new Map(jsrtStructures(layout.sides));
    return {
      foresee: (item) => foresee(layout, item, options.root),
      write: (out, cases) => {
        const styles = new MaskStyles();
        const write = async (item: ExportedCase): Promise<ImportNotice[]> => {
          const image = relative(options.root, item.imageFile);
          await putCopy(out, image, item.imageFile, options.link);
          const notices: ImportNotice[] = [];
          for (const label of item.labels) {
            const folders = structures.get(label.structure) ?? [];
            const files = layout.masks[item.id] ?? {};
            notices.push(...(await writeLabel(out, options, styles, item, label, folders, files)));
          }
          return notices;
        };
        return writeCases(cases, write, IN_FLIGHT);
      },
    };
  },
};
