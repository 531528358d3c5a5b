/** The cases of an export, written a few at a time. */
import type { ImportNotice } from '../../contract/terms.ts';
import { inOrder } from '../import/pipeline.ts';
import type { ExportedCase } from '../types.ts';

/** Cases written at a time. */
export const IN_FLIGHT = 4;

/**
 * Writes every case.
 * @param inFlight cases written at a time: fewer where a case takes much memory.
 * @returns what the cases gave notice of, in their order.
 */
export async function writeCases(
  cases: AsyncIterable<ExportedCase>,
  write: (item: ExportedCase) => Promise<readonly ImportNotice[]>,
  inFlight = IN_FLIGHT,
): Promise<ImportNotice[]> {
  const notices: ImportNotice[] = [];
  for await (const said of inOrder(cases, inFlight, write)) notices.push(...said);
  return notices;
}
