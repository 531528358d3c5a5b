/** Finds what all masks of a folder have before or behind the names of their images. Pure. */

/** The text before and behind the name of the image, in the names of all masks. */
export interface Affix {
  readonly prefix: string;
  readonly suffix: string;
}

/** At most this many names of images are tried. */
const TRIED = 100;

/** The folder of an id, with its `/`, and the name in it. */
function split(id: string): readonly [folder: string, name: string] {
  const at = id.lastIndexOf('/') + 1;
  return [id.slice(0, at), id.slice(at)];
}

const isAlike = (a: string | undefined, b: string | undefined): boolean =>
  [/\p{L}/u, /\p{N}/u].some((kind) => kind.test(a ?? '') && kind.test(b ?? ''));

/** Whether `name` begins and ends where a word does: neither amid letters nor amid digits. */
function isWhole({ prefix, suffix }: Affix, name: string): boolean {
  return !isAlike(prefix.at(-1), name[0]) && !isAlike(name.at(-1), suffix[0]);
}

/** The id of the image of a mask with this affix, or null if the mask's name has not got it. */
export function withoutAffix(id: string, { prefix, suffix }: Affix): string | null {
  const [folder, name] = split(id);
  if (name.length <= prefix.length + suffix.length) return null;
  if (!name.startsWith(prefix) || !name.endsWith(suffix)) return null;
  return folder + name.slice(prefix.length, name.length - suffix.length);
}

/** Makes the text shorter, from the end that `cut` takes, until it ends where a word does in all names. */
function atWord(
  affix: string,
  names: readonly string[],
  isAmid: (affix: string, name: string) => boolean,
  cut: (affix: string) => string,
): string {
  let left = affix;
  while (left !== '' && names.some((name) => isAmid(left, name))) left = cut(left);
  return left;
}

/** The affix that all names share; each part ends where a word does, and leaves something of every name. */
function commonAffix(names: readonly string[]): Affix {
  let [prefix, suffix] = [names[0], names[0]];
  for (const name of names) {
    while (!name.startsWith(prefix)) prefix = prefix.slice(0, -1);
    while (!name.endsWith(suffix)) suffix = suffix.slice(1);
  }
  prefix = atWord(
    prefix,
    names,
    (text, name) => name === text || isAlike(text.at(-1), name[text.length]),
    (text) => text.slice(0, -1),
  );
  suffix = atWord(
    suffix,
    names,
    (text, name) =>
      name.length <= prefix.length + text.length || isAlike(name.at(-text.length - 1), text[0]),
    (text) => text.slice(1),
  );
  return { prefix, suffix };
}

/**
 * What tells the images apart, as `001` does `img_001`: their ids by what is left of them without the affix
 * that all of them share. Null if they share none.
 */
export function coresOf(
  images: ReadonlySet<string>,
): { readonly affix: Affix; readonly idOf: ReadonlyMap<string, string> } | null {
  if (images.size < 2) return null;
  const affix = commonAffix([...images].map((id) => split(id)[1]));
  if (affix.prefix === '' && affix.suffix === '') return null;
  return { affix, idOf: new Map([...images].map((id) => [withoutAffix(id, affix) ?? id, id])) };
}

/**
 * The affix that all masks share, and without which at least half of them have the name of an image. The
 * longest name of an image in the first mask's is tried first, so that the affix is the shortest.
 * @param masks the ids of the masks
 * @param images the ids of the images
 * @returns null if there is no such affix
 */
export function sharedAffix(masks: readonly string[], images: ReadonlySet<string>): Affix | null {
  if (masks.length === 0) return null;
  const [folder, first] = split(masks[0]);
  const tried: { readonly affix: Affix; readonly length: number }[] = [];
  for (const id of images) {
    const [place, name] = split(id);
    const at = first.indexOf(name);
    if (place !== folder || at < 0 || name === '') continue;
    const affix = { prefix: first.slice(0, at), suffix: first.slice(at + name.length) };
    if (isWhole(affix, name)) tried.push({ affix, length: name.length });
  }
  tried.sort((a, b) => b.length - a.length);
  for (const { affix } of tried.slice(0, TRIED)) {
    const names = masks.map((id) => withoutAffix(id, affix));
    if (names.includes(null)) continue;
    const found = names.filter((id) => id !== null && images.has(id)).length;
    if (found * 2 >= masks.length) return affix;
  }
  return null;
}
