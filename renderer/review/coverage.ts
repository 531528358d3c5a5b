/** Says which labels a verdict judges: before it is given, and afterwards. Pure. */
import type { Verdict } from '../../audit/contract/terms.ts';
import { listed, titled } from '../../audit/contract/words.ts';
import { meaningOf } from './queue/rows.ts';
import type { LabelVerdict, Row, View } from './queue/rows.ts';

const be = (structures: readonly string[]): string => (structures.length === 1 ? 'is' : 'are');
const namesOf = (verdicts: readonly LabelVerdict[]): string[] =>
  verdicts.map(({ structure }) => structure);

/** `The lung is hidden and is not accepted.`; empty if no structure is hidden. */
export function unseenInWords(unseen: readonly string[]): string {
  if (unseen.length === 0) return '';
  return `${titled(listed(unseen))} ${be(unseen)} hidden and ${be(unseen)} not accepted.`;
}

/**
 * What a verdict on the row would judge: `A verdict judges the lung and the heart.`
 * @param changed structures that were drawn since the last verdict
 */
export function coverageInWords(row: Row, changed: ReadonlySet<string>, view: View): string {
  const { verdicts, again } = meaningOf(row, 'excluded', changed, view);
  const judged = namesOf(verdicts);
  const kept = meaningOf(row, 'accepted', changed, view).verdicts;
  const fixed = namesOf(kept.filter(({ verdict }) => verdict === 'fixed'));
  const words = [
    judged.length === 0
      ? fixed.length === 0 && 'There is no label to judge: draw one, or go on.'
      : `A verdict judges ${typeof view.only === 'string' ? 'only ' : ''}${listed(judged)}${again ? ' again' : ''}.`,
    fixed.length > 0 &&
      `${titled(listed(fixed))} ${fixed.length === 1 ? 'was' : 'were'} changed and will be saved as fixed.`,
  ];
  return words.filter((sentence) => sentence !== false).join(' ');
}

const SAID: Readonly<Record<Verdict, string>> = {
  fixed: 'saved as fixed',
  accepted: 'accepted',
  excluded: 'excluded',
  flagged: 'flagged',
};

/** What was judged: `c1: the heart is saved as fixed, the lung is accepted.` */
export function verdictsInWords(caseId: string, verdicts: readonly LabelVerdict[]): string {
  const parts = Object.entries(SAID).flatMap(([verdict, said]) => {
    const names = namesOf(verdicts.filter((given) => given.verdict === verdict));
    return names.length === 0 ? [] : [`${listed(names)} ${be(names)} ${said}`];
  });
  return `${caseId}: ${parts.join(', ')}.`;
}
