/** A case whose image is a file of its own, as folders and JSRT have it. */
import { readImageFile } from '../../codecs/index.ts';
import { changed } from './notices.ts';
import type { CaseSource, LabelSource } from '../types.ts';

/** What a dataset may say of a case beside its image and labels. */
type About = Pick<CaseSource, 'annotator' | 'patient' | 'study'>;

/** The image is read, and hashed, only when it is asked for. */
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
