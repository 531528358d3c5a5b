/** Writes the cases of an export, a few at a time. */
import type { ImportNotice } from '../../contract/terms.ts';
import { inOrder } from '../import/pipeline.ts';
import type { ExportedCase } from '../types.ts';

/** Default number of cases that are written at a time. */
export const IN_FLIGHT = 4;

/**
 * Writes every case with `write`.
 * @param inFlight number of cases that are written at a time; choose few if cases need much memory
 * @returns the notices, in the order of the cases
 */
export async function writeCases(
  cases: AsyncIterable<ExportedCase>,
  write: (item: ExportedCase) => Promise<readonly ImportNotice[]>,
  inFlight = IN_FLIGHT,
): Promise<ImportNotice[]> {
  const notices: ImportNotice[] = [];
  for await (const found of inOrder(cases, inFlight, write)) notices.push(...found);
  return notices;
}
