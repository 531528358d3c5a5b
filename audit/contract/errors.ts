/** The kinds of error. A program can act on the kind and need not read the sentence for people. */
import { z } from 'zod';

const CODES = [
  /** The request or the command is wrong: correct it. */
  'usage',
  /**
   * The request lacks the token, or a page of another origin sent it; or a project from elsewhere names
   * files that it may not read.
   */
  'forbidden',
  /** There is no such address, case, label, run, project or file. */
  'not-found',
  /** The present state forbids the request: another task runs, or the label was changed meanwhile. */
  'conflict',
  /** A person or a newer request stopped the task. */
  'cancelled',
  /** Another process writes the project. */
  'locked',
  /** The folder or file may not be written. */
  'read-only',
  /** No space is left on the disk. */
  'disk-full',
  /** A newer version of Overread made the project or the packed file. */
  'newer-version',
  /** The image of a case is gone or was changed since the import. */
  'no-image',
  /** A file cannot be read: damaged, of an unknown kind, or too large. */
  'bad-file',
  /** The dataset lies in an archive, which is to be unpacked first. */
  'archive',
  /** A part of Overread is not built: run `npm run build`. */
  'missing-build',
  /** Any other error that a person can mend: the sentence says how. */
  'failed',
  /** A defect of Overread; the log has the details. */
  'internal',
] as const;

export const ErrorCode = z.enum(CODES);
export type ErrorCode = z.infer<typeof ErrorCode>;
