/** What a person must know of a ranking, in the words of the window. Pure. */
import type { RankedBy } from '../../audit/contract/api.ts';
import { rankedNotes } from '../../audit/contract/ranked.ts';
import type { RankedNote } from '../../audit/contract/ranked.ts';

/** The sentence without the dashes of command line options: the window has fields for them. */
export function withoutFlags(text: string): string {
  return text.replace(/(^|\s)--(?=[a-z])/g, '$1');
}

/** The notes on a ranking; none if nothing was scored yet. */
export function notesOn(ranked: RankedBy | null): RankedNote[] {
  if (ranked === null) return [];
  const nameOf = (run: string): string =>
    run !== ranked.model
      ? 'the newest run'
      : ranked.chosen
        ? 'the chosen run'
        : ranked.passedOver === null
          ? 'the newest run'
          : 'an earlier run';
  return rankedNotes(ranked, nameOf).map((note) => ({ ...note, text: withoutFlags(note.text) }));
}
