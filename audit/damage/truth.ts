/** The truth file: which labels of a dataset are known to be wrong, and how wrong. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { CaseId, StructureName } from '../contract/terms.ts';
import { UserError } from '../errors.ts';
import { writeDurably } from '../../models/files.ts';

/** Its name in a folder of made data. */
export const TRUTH_FILE = 'truth.json';

/** One label that is known to be wrong. */
export const TruthError = z.object({
  case: CaseId,
  structure: StructureName,
  /** What was done to it, or what is wrong with it, in a word. */
  kind: z.string().min(1).default('wrong'),
  /** 0 mild … 1 gross, within its kind; null where nobody can say. */
  severity: z.number().min(0).max(1).nullable().default(null),
  /** With the true mask; null where that is not known. */
  dice: z.number().min(0).max(1).nullable().default(null),
});
export type TruthError = z.infer<typeof TruthError>;

export const TruthFile = z.object({
  version: z.literal(1),
  /** Of errors that were planted; null of errors that people found. */
  seed: z.number().int().nullable().default(null),
  errors: z.array(TruthError),
  /** Every case that was checked, those without an error too. */
  cases: z.array(CaseId),
});
export type TruthFile = z.infer<typeof TruthFile>;

/** @throws UserError when `file` cannot be read, is no truth file, or speaks of unlisted cases. */
export async function readTruth(file: string): Promise<TruthFile> {
  const text = await readFile(file, 'utf8').catch(() => {
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
    throw new UserError(`${file} has an error in ${stray.case}, which is not among its cases.`);
  }
  return parsed.data;
}

/** Writes a truth file whole or not at all. @throws ZodError when `truth` is none. */
export async function writeTruth(file: string, truth: TruthFile): Promise<void> {
  const text = `${JSON.stringify(TruthFile.parse(truth), null, 1)}\n`;
  await writeDurably(file, (handle) => handle.writeFile(text));
}
