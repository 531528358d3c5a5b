/** What kind of error a sentence for a person tells of, so that programs need not read the sentence. */
import { z } from 'zod';

const CODES = [
  /** The request, or the command, is not as it has to be: correct it. */
  'usage',
  /** Whoever asks may not: another origin, or no token. */
  'forbidden',
  /** There is no such address, case, label, run, project or file. */
  'not-found',
  /** It does not fit what is there now: something else runs, or the label was changed meanwhile. */
  'conflict',
  /** A person or a newer request stopped it. */
  'cancelled',
  /** Another process writes the project. */
  'locked',
  /** The folder or file may not be written. */
  'read-only',
  /** No space is left on the disk. */
  'disk-full',
  /** A newer version of Overread made the project or the packed file. */
  'newer-version',
  /** The image of a case is gone, or is not the imported one any more. */
  'no-image',
  /** A file cannot be read: damaged, of an unknown kind, or too large. */
  'bad-file',
  /** Overread itself is not built completely: run `npm run build`. */
  'missing-build',
  /** Anything else that a person can do something about: the sentence says what. */
  'failed',
  /** A defect of Overread; the log has the details. */
  'internal',
] as const;

export const ErrorCode = z.enum(CODES);
export type ErrorCode = z.infer<typeof ErrorCode>;
