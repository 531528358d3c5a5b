/** What a picture of a case is made of, as one short name: `v` in addresses, and in the cache. */
import { createHash } from 'node:crypto';
import type { CaseSummary, Structure } from '../../contract/terms.ts';

/** Changes when the image, a label or a colour does. */
export function pictureVersion(summary: CaseSummary, structures: readonly Structure[]): string {
  const hash = createHash('sha256').update(summary.imageHash);
  for (const { structure, mask } of summary.labels) hash.update(`\n${structure}\n${mask ?? '-'}`);
  for (const { name, colour } of structures) hash.update(`\n${name}\n${colour}`);
  return hash.digest('hex').slice(0, 20);
}
