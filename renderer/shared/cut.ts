/** Shortens names so that both ends stay. Pure. */

/** The text with its middle replaced by “…” if it has more than `most` characters. */
export function cutMiddle(text: string, most: number): string {
  const signs = [...text];
  if (signs.length <= most) return text;
  const head = Math.ceil((most - 1) / 2);
  const tail = Math.floor((most - 1) / 2);
  return `${signs.slice(0, head).join('')}…${signs.slice(signs.length - tail).join('')}`;
}
