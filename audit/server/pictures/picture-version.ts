/**
 * The version of a case's pictures: the parameter `v` in addresses, and part of file names in the
 * cache.
 */
import { createHash } from 'node:crypto';
import type { CaseSummary, Structure } from '../../contract/terms.ts';

/** A hash of the image, the labels and the colours. */
export function pictureVersion(summary: CaseSummary, structures: readonly Structure[]): string {
  const hash = createHash('sha256').update(summary.imageHash);
  for (const { structure, mask } of summary.labels) hash.update(`\n${structure}\n${mask ?? '-'}`);
  for (const { name, colour } of structures) hash.update(`\n${name}\n${colour}`);
  return hash.digest('hex').slice(0, 20);
}
