/** The truth file: the labels of a dataset that are known to be wrong. */
import { z } from 'zod';
import { CaseId, StructureName } from '../contract/terms.ts';
import { UserError } from '../errors.ts';
import { readRegular } from '../regular.ts';
import { writeDurably } from '../../models/files.ts';

/** Name of the truth file in a dataset of phantoms. */
export const TRUTH_FILE = 'truth.json';

/** One label that is known to be wrong. */
export const TruthError = z.object({
  case: CaseId,
  structure: StructureName,
  /** The kind of error, in one word. */
  kind: z.string().min(1).default('wrong'),
  /** Severity within its kind, 0 mild … 1 gross, or null if unknown. */
  severity: z.number().min(0).max(1).nullable().default(null),
  /** Dice with the true mask, or null if unknown. */
  dice: z.number().min(0).max(1).nullable().default(null),
});
export type TruthError = z.infer<typeof TruthError>;

export const TruthFile = z.object({
  version: z.literal(1),
  /** The seed that the errors were planted with, or null if people found the errors. */
  seed: z.number().int().nullable().default(null),
  errors: z.array(TruthError),
  /** The ids of all cases that were checked, including cases without an error. */
  cases: z.array(CaseId),
});
export type TruthFile = z.infer<typeof TruthFile>;

/**
 * Reads a truth file.
 * @throws UserError if the file cannot be read or is invalid, or if an error's case is not in `cases`
 */
export async function readTruth(file: string): Promise<TruthFile> {
  const text = await readRegular(file, 'utf8').catch(() => {
    throw new UserError(`${file} cannot be read: give the name of a truth file.`);
  });
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new UserError(`${file} is not JSON: give the name of a truth file.`);
  }
  const parsed = TruthFile.safeParse(content);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new UserError(
      `${file} is not a truth file: ${issue.path.join('.') || 'its content'}: ${issue.message}.`,
    );
  }
  const cases = new Set(parsed.data.cases);
  const stray = parsed.data.errors.find((error) => !cases.has(error.case));
  if (stray !== undefined) {
    throw new UserError(
      `${file} has an error in ${stray.case}, missing in its cases: add it or remove the error.`,
    );
  }
  return parsed.data;
}

/** Writes a truth file completely or not at all. @throws ZodError if `truth` is invalid */
export async function writeTruth(file: string, truth: TruthFile): Promise<void> {
  const text = `${JSON.stringify(TruthFile.parse(truth), null, 1)}\n`;
  await writeDurably(file, (handle) => handle.writeFile(text));
}
