/**
 * The classes of PASCAL VOC's masks: names, numbers and colours. They come from `labelmap.txt`, which CVAT
 * and Datumaro write (a line per class: name, colour), or from another file of names beside the folders.
 */
import { join } from 'node:path';
import type { ImportNotice } from '../../../contract/terms.ts';
import { changed } from '../../import/notices.ts';
import { findLegend, isBackground, legendOf, parseLegend } from '../../masks/legend.ts';
import type { Legend } from '../../masks/legend.ts';
import { structureNameOf } from '../../tree/structures.ts';
import { LABEL_MAP, VOID } from './layout.ts';
import { readRegular } from '../../../regular.ts';

/** The classes of a dataset. */
export interface VocClasses {
  /** Number and structure of each class; the background is no class. */
  readonly legend: Legend['entries'];
  /** Numbers besides 0 that a legend calls background. */
  readonly background?: Legend['background'];
  /**
   * Colour (0xRRGGBB) → number of its class, 0 for the background; null if the dataset states no colours.
   */
  readonly colours: ReadonlyMap<number, number> | null;
}

/** The colour of void pixels, by the challenge. */
export const VOID_COLOUR = 0xe0e0c0;

/** A colour as `labelmap.txt` writes it. */
export const colourText = (colour: number): string =>
  `${colour >> 16},${(colour >> 8) & 255},${colour & 255}`;

interface Line {
  readonly name: string;
  readonly colour: number | null;
}

function lineOf(line: string): Line {
  const [name, rgb = ''] = line.split(':');
  const match = /^\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})\s*$/.exec(rgb);
  const parts = match?.slice(1).map(Number) ?? [];
  const isColour = match !== null && parts.every((part) => part <= 255);
  return {
    name: structureNameOf(name),
    colour: isColour ? parts[0] * 65536 + parts[1] * 256 + parts[2] : null,
  };
}

/**
 * The place of the background: the line of black, else a line with a name of the background. Without any
 * colour it is the first line, whatever its name, because then the colours count from black. -1 if no line
 * is the background.
 */
function backgroundIn(lines: readonly Line[]): number {
  const black = lines.findIndex(({ colour }) => colour === 0);
  if (black >= 0) return black;
  const named = lines.findIndex(({ name }) => isBackground(name));
  if (named >= 0) return named;
  return lines.some(({ colour }) => colour !== null) ? -1 : 0;
}

/** The colours of the classes; null if no line has a colour, or if two classes share one. */
function coloursOf(lines: readonly Line[], numbers: readonly number[]): Map<number, number> | null {
  const colours = new Map<number, number>();
  for (const [place, { colour, name }] of lines.entries()) {
    if (colour === null) continue;
    const number = colour === VOID_COLOUR ? VOID : isBackground(name) ? 0 : numbers[place];
    if (colours.has(colour) && colours.get(colour) !== number) return null;
    colours.set(colour, number);
  }
  if (colours.size === 0) return null;
  if (!colours.has(VOID_COLOUR)) colours.set(VOID_COLOUR, VOID);
  if (!colours.has(0)) colours.set(0, 0);
  return colours;
}

/**
 * The classes in the file `labelmap.txt`. The background has the number 0, the others count from 1.
 * @throws UserError when the file names no structure, or one twice.
 */
function parseLabelMap(
  text: string,
  file: string,
): { classes: VocClasses; notices: ImportNotice[] } {
  const lines = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map(lineOf);
  const background = backgroundIn(lines);
  let next = 0;
  const numbers = lines.map((_, place) => (place === background ? 0 : (next += 1)));
  const named = lines.flatMap(({ name, colour }, place) =>
    place === background || colour === VOID_COLOUR ? [] : [[numbers[place], name] as const],
  );
  const colours = coloursOf(lines, numbers);
  const hasColours = lines.some(({ colour }) => colour !== null);
  const shared =
    hasColours && colours === null
      ? 'gives one colour to several classes: the classes were taken by their numbers alone.'
      : undefined;
  const notice = changed(file, [shared]);
  const { entries } = legendOf(Object.fromEntries(named), file);
  return { classes: { legend: entries, colours }, notices: notice === undefined ? [] : [notice] };
}

/** The list that labelme2voc.py reads. Any other `labels.txt` may mean something else. */
async function labelmeList(base: string): Promise<{ legend: Legend } | null> {
  const file = join(base, 'labels.txt');
  const text = await readRegular(file, 'utf8').catch(() => '');
  return /^\s*(__ignore__|_background_)\s*$/m.test(text)
    ? { legend: parseLegend(text, file) }
    : null;
}

/**
 * The classes that a file in `base` names, or null if there is no such file: `labelmap.txt`, else a legend
 * such as the `class_names.txt` or the `labels.txt` of labelme.
 * @throws UserError when the file cannot be used.
 */
export async function namedClasses(
  base: string,
): Promise<{ classes: VocClasses; notices: ImportNotice[] } | null> {
  const file = join(base, LABEL_MAP);
  const text = await readRegular(file, 'utf8').catch(() => null);
  if (text !== null) return parseLabelMap(text, file);
  const found = (await findLegend(base)) ?? (await labelmeList(base));
  if (found?.legend.kind !== 'values') return null;
  const { entries, background } = found.legend;
  return { classes: { legend: entries, background, colours: null }, notices: [] };
}
