/** Replaces a label's mask by a file that a person drew with another program. */
import { stat } from 'node:fs/promises';
import { UnreadableFile, readRaster } from '../codecs/index.ts';
import { CodecError } from '../codecs/raster.ts';
import { binaryMask, fitToImage, labelValues, maskOfValue } from '../datasets/masks/masks.ts';
import { UserError } from '../errors.ts';
import type { Mask } from '../imaging/types.ts';
import type { ProjectWriter, LabelRevision } from '../store/types.ts';
import { giveVerdict, requireCase, requireStructure } from './verdicts.ts';

export interface ReplaceRequest {
  readonly case: string;
  readonly structure: string;
  /**
   * The mask's file. As at import, its size may differ from the image's, but not its aspect ratio.
   */
  readonly file: string;
  /** The structure's value if the file holds several structures; left out if it holds one. */
  readonly value?: number;
  readonly author: string;
  readonly comment?: string;
}

/**
 * Reads a mask file and fits it to an image.
 * @throws UnreadableFile if the file is no mask, or has another aspect ratio than the image
 */
export async function readMaskFile(
  file: string,
  image: { width: number; height: number },
  value?: number,
): Promise<{ mask: Mask; notes: string[] }> {
  const { raster, notes } = await readRaster(file);
  try {
    const read =
      value === undefined
        ? binaryMask(raster)
        : { mask: maskOfValue(labelValues(raster), value), note: undefined };
    const fitted = fitToImage(read.mask, image);
    const more = [read.note, fitted.note].filter((note) => note !== undefined);
    return { mask: fitted.mask, notes: [...notes, ...more] };
  } catch (error) {
    if (error instanceof CodecError) throw new UnreadableFile(file, error.message);
    throw error;
  }
}

/**
 * Replaces a label's mask and marks the label as fixed, in one transaction. A label that has the imported mask
 * again loses its verdict.
 * @returns the newest revision, and notes on how the file was read. A mask equal to the current one
 *   makes no new revision and no verdict.
 * @throws UserError if the case or structure does not exist, or the file cannot be used
 */
export async function replaceLabel(
  project: ProjectWriter,
  request: ReplaceRequest,
): Promise<{ revision: LabelRevision; notes: string[] }> {
  const { structure, author, comment } = request;
  const found = requireCase(project, request.case);
  requireStructure(project, structure);
  const there = await stat(request.file).catch(() => null);
  if (there === null) throw new UserError(`There is no file ${request.file}: check the path.`);
  const { mask, notes } = await readMaskFile(request.file, found, request.value);
  const before = project.revisions(found.id, structure).at(-1);
  const revision = await project.addRevision(found.id, structure, mask, {
    author,
    reason: 'replace',
    sourceFile: request.file,
    also: () => {
      const label = requireCase(project, found.id).labels.find(
        (other) => other.structure === structure,
      );
      const changed = label?.changed ?? true;
      if (!changed) {
        notes.push(`${request.file} is the imported mask: the label has no verdict now.`);
      }
      giveVerdict(project, {
        case: found.id,
        structure,
        verdict: changed ? 'fixed' : null,
        author,
        ...(comment !== undefined && { comment }),
      });
    },
  });
  if (revision.number === before?.number) {
    const same = `${request.file} is the mask that the label has already: nothing was changed.`;
    return { revision, notes: [...notes, same] };
  }
  return { revision, notes };
}
