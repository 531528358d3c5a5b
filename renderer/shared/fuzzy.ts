/** How well a few typed letters fit a name. Pure. */

/** Extra scores for a letter right after the last matched one, and for one that begins a word. */
const IN_A_ROW = 3;
const AT_A_WORD = 5;

/**
 * Scores a name that has all letters of the query, in their order.
 * @returns a score, the higher the better, 0 for an empty query; null if the name does not fit
 */
export function fit(query: string, name: string): number | null {
  const letters = query.toLowerCase().replace(/\s+/g, '');
  const text = name.toLowerCase();
  let best: number | null = null;
  if (letters === '') return 0;
  // Tries every place of the first letter and keeps the best.
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
  // Of equal scores the shorter name wins.
  return score - text.length / 1000;
}

/** The items whose names fit the query, the best first; for an empty query all, in their order. */
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
