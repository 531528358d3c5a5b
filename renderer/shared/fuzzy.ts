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

/** Scores other words for an item: the query must begin one of them. @returns null if it begins none */
function fitOther(query: string, words: readonly string[]): number | null {
  const text = query.trim().toLowerCase();
  if (text.length < 2 || !words.some((word) => word.toLowerCase().startsWith(text))) return null;
  // As much as a name that begins with the query, less one: a name comes before another word.
  return text.length * (1 + IN_A_ROW) + AT_A_WORD - IN_A_ROW - 1;
}

/**
 * The items whose names fit the query, the best first; for an empty query all, in their order.
 * @param othersOf other words for an item
 */
export function fitting<Item>(
  query: string,
  items: readonly Item[],
  nameOf: (item: Item) => string,
  othersOf: (item: Item) => readonly string[] = () => [],
): Item[] {
  const scored = items.flatMap((item) => {
    const scores = [fit(query, nameOf(item)), fitOther(query, othersOf(item))];
    const found = scores.filter((score) => score !== null);
    return found.length === 0 ? [] : [{ item, score: Math.max(...found) }];
  });
  return scored.sort((a, b) => b.score - a.score).map(({ item }) => item);
}
