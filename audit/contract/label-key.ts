/** The key of a label in maps and sets. */

/**
 * One string for one label, or for the whole case where `structure` is null. A key is never shown,
 * stored or taken apart. No id and no structure holds a zero character, so two labels never share
 * a key.
 */
export function labelKey(caseId: string, structure: string | null): string {
  return `${caseId}\0${structure ?? ''}`;
}
