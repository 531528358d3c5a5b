/** The words of the method, explained for radiologists. The interface explains them where they stand. Pure. */

export interface Term {
  readonly name: string;
  /** The words that stand for the term in a sentence, as a regular expression without flags. */
  readonly words: string;
  readonly meaning: string;
}

/** A longer term comes before the terms in it: “expected dice” before “dice”. */
export const GLOSSARY: readonly Term[] = [
  {
    name: 'expected dice',
    words: 'expected dice',
    meaning:
      'How well the label would likely cover a perfect outline: 1 is fully, 0 is not at all. Overread estimates it ' +
      'from the model’s outline and from many labels alike. The lower it is, the likelier the label is wrong.',
  },
  {
    name: 'dice',
    words: 'dice',
    meaning:
      'How well two outlines of a structure cover each other: 1 is the same area, 0 is no common area. It is twice ' +
      'the common area, divided by the sum of both areas.',
  },
  {
    name: 'QAM',
    words: 'QAM|quality network',
    meaning:
      'The quality network (quality assessment module). It looks at an X-ray with its labels and learns which labels ' +
      'to trust. Labels that it trusts little count less in the training.',
  },
  {
    name: 'segmenter',
    words: 'segmenter',
    meaning:
      'The network that learns from the labels to draw the structures. Its outline is the model’s proposal.',
  },
  {
    name: 'collapse',
    words: 'collapses?|collapsed',
    meaning:
      'A training collapses when its two networks confirm each other’s mistake, for example that larger is always ' +
      'better. Its ranking then says nothing, so Overread does not use it unless you choose it.',
  },
  {
    name: 'blind check',
    words: 'blind checks?',
    meaning:
      'A case that is judged without its rank, score and proposal, so that they cannot sway you. Blind checks show ' +
      'how many errors the ranking overlooks.',
  },
  {
    name: 'epoch',
    words: 'epochs?',
    meaning: 'One pass of the training over all cases.',
  },
  {
    name: 'held out',
    words: 'held out',
    meaning:
      'Kept aside: the networks do not learn from these cases, which then test what was learned.',
  },
  {
    name: 'AUROC',
    words: 'AUROC',
    meaning:
      'How well an order finds errors: the chance that a wrong label comes before a right one. 1 is always, 0.5 is ' +
      'by luck.',
  },
];

/** A piece of a sentence; `term` is null if the piece needs no explanation. */
export interface Piece {
  readonly text: string;
  readonly term: Term | null;
}

const ANY = new RegExp(
  `(?<![\\p{L}-])(${GLOSSARY.map(({ words }) => words).join('|')})(?![\\p{L}-])`,
  'iu',
);

/** The term that a piece of a sentence is, or null. */
function termOf(text: string): Term | null {
  return GLOSSARY.find(({ words }) => new RegExp(`^(?:${words})$`, 'iu').test(text)) ?? null;
}

/**
 * Splits a sentence at the terms in it. Each term is explained at its first place only.
 * @param known names of terms that are explained elsewhere already
 */
export function explained(sentence: string, known: readonly string[] = []): Piece[] {
  const seen = new Set(known);
  return sentence
    .split(ANY)
    .map((text, index) => {
      const term = index % 2 === 1 ? termOf(text) : null;
      if (!term || seen.has(term.name)) return { text, term: null };
      seen.add(term.name);
      return { text, term };
    })
    .filter(({ text }) => text !== '');
}

/** The names of the terms in a sentence. */
export function termsIn(sentence: string): string[] {
  return explained(sentence).flatMap(({ term }) => (term ? [term.name] : []));
}
