/** The kinds of error in labels, in words for people. Pure. */
import type { LabelKind } from './terms.ts';

/** Each kind as it leads a sentence and stands in a filter. */
export const KIND_WORDS: Readonly<Record<LabelKind, string>> = {
  'too-large': 'Too large',
  'too-small': 'Too small',
  shifted: 'Shifted',
  'part-missing': 'Part missing',
  'side-missing': 'Side missing',
  leaked: 'Leaked',
  swapped: 'Swapped',
  'other-patient': "Another patient's",
  omitted: 'Omitted',
  invented: 'Invented',
  ragged: 'Ragged',
  none: 'None',
};
