/** Makes a `CaseSource` for an image file. */
import { readImageFile } from '../../codecs/index.ts';
import { changed } from './notices.ts';
import type { CaseSource, LabelSource } from '../types.ts';

/** Facts about a case that only some datasets state. */
type About = Pick<CaseSource, 'annotator' | 'patient' | 'study'>;

/** Makes the source of a case. Its image is read and hashed later, when `readImage` is called. */
export function caseOf(
  id: string,
  imageFile: string,
  labels: readonly LabelSource[],
  split: string | null,
  about: Partial<About> = {},
): CaseSource {
  return {
    id,
    imageFile,
    split,
    annotator: about.annotator ?? null,
    patient: about.patient ?? null,
    study: about.study ?? null,
    labels,
    readImage: async () => {
      const { image, hash, notes } = await readImageFile(imageFile);
      const notice = changed(imageFile, notes);
      return { image, hash, ...(notice && { notice }) };
    },
  };
}
