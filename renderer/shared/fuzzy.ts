/** How well a few typed letters fit a name. Pure. */

/** Letters in a row, and at beginnings of words, say more than scattered ones. */
const IN_A_ROW = 3;
const AT_A_WORD = 5;

/**
 * Every letter of the query is in the name, in that order, or it does not fit.
 * @returns null when it does not fit; else the higher the better, 0 for an empty query
 */
export function fit(query: string, name: string): number | null {
  const letters = query.toLowerCase().replace(/\s+/g, '');
  const text = name.toLowerCase();
  let best: number | null = null;
  if (letters === '') return 0;
  // The first letter decides much: try each place where it stands.
  for (let start = text.indexOf(letters[0] ?? ''); start >= 0;) {
    const score = fitFrom(letters, text, start);
    if (score !== null && (best === null || score > best)) best = score;
    start = text.indexOf(letters[0] ?? '', start + 1);
  }
  return best;
}

function fitFrom(letters: string, text: string, start: number): number | null {
  let score = 0;
  let before = start - 2;
  let from = start;
  for (const letter of letters) {
    const at = text.indexOf(letter, from);
    if (at < 0) return null;
    score += 1;
    if (at === before + 1) score += IN_A_ROW;
    if (at === 0 || /[^\p{L}\p{N}]/u.test(text[at - 1] ?? '')) score += AT_A_WORD;
    before = at;
    from = at + 1;
  }
  // Of two that fit alike the shorter name is meant.
  return score - text.length / 1000;
}

/** Those that fit, the best first; all in their order when the query is empty. */
export function fitting<Item>(
  query: string,
  items: readonly Item[],
  nameOf: (item: Item) => string,
): Item[] {
  const scored = items.flatMap((item) => {
    const score = fit(query, nameOf(item));
    return score === null ? [] : [{ item, score }];
  });
  return scored.sort((a, b) => b.score - a.score).map(({ item }) => item);
}
