/**
 * Reads legends. A legend says which value of a multi-valued mask stands for which structure. It is
 * given as an option or in a file beside the masks:
 * - `legend.json` holds {"1": "lung"}, {"lung": 1} or ["background", "lung"];
 *   with a bit per structure, which may overlap, {"bits": {"0": "lung", "1": "heart"}};
 *   with a page of a TIFF file per structure, {"pages": {"0": "lung", "1": "heart"}}.
 * - `classes.txt`, or labelme's `class_names.txt`, has a line per structure: `1 lung`, `1: lung`, or the
 *   name alone.
 * - `_classes.csv` of Roboflow has a header, and then a line per structure: `1, lung`.
 */
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Coded } from '../../contract/terms.ts';
import { UserError } from '../../errors.ts';
import { readRegular } from '../../regular.ts';
import { MAX_PAGES } from '../../codecs/tiff/header.ts';
import { checkStructureName } from '../tree/structures.ts';

/** Pairs of a value (or bit or page, counted from 0) and its structure, in the order of the values. */
export interface Legend {
  readonly kind: Coded['kind'];
  readonly entries: readonly (readonly [value: number, structure: string])[];
  /** Values besides 0 that the legend calls background. They belong to no structure. */
  readonly background: readonly number[];
}

const Names = z.record(z.string(), z.union([z.string(), z.number()]));
const Bits = z.strictObject({ bits: Names });
const Pages = z.strictObject({ pages: Names });
export const LegendOption = z.union([Names, Bits, Pages]);

/** The name of the legend file that an export writes. */
export const LEGEND_FILE = 'legend.json';
/** The legend of Roboflow's masks. */
export const ROBOFLOW_CLASSES = '_classes.csv';
const FILES = [LEGEND_FILE, 'classes.txt', 'class_names.txt', ROBOFLOW_CLASSES];
const BACKGROUND = /^(background|bg|void|unlabel?led|none|_background_|__background__)$/i;
/** The smallest and largest number that a legend may give to a structure, for each kind of legend. */
const RANGE = { values: [1, 65535], bits: [0, 15], pages: [0, MAX_PAGES - 1] } as const;

/** Whether a class of this name is the background, and so no structure. */
export function isBackground(name: string): boolean {
  return BACKGROUND.test(name);
}

function build(
  pairs: readonly (readonly [number, string])[],
  from: string,
  kind: Legend['kind'] = 'values',
): Legend {
  const [lowest, highest] = RANGE[kind];
  const values = new Set<number>();
  const names = new Set<string>();
  const legend = pairs.filter(
    ([value, name]) => (kind !== 'values' || value !== 0) && !isBackground(name),
  );
  for (const [value, name] of legend) {
    if (!Number.isInteger(value) || value < lowest || value > highest) {
      throw new UserError(
        `${from} must name whole ${kind} from ${lowest} to ${highest}, not ${value}.`,
      );
    }
    if (values.has(value) || names.has(name)) {
      const what = kind.slice(0, -1);
      throw new UserError(`${from} names the ${what} ${value} or the structure “${name}” twice.`);
    }
    checkStructureName(name, from);
    values.add(value);
    names.add(name);
  }
  if (legend.length === 0) throw new UserError(`${from} names no structure.`);
  const background = pairs
    .filter(([value, name]) => kind === 'values' && value !== 0 && isBackground(name))
    .map(([value]) => value);
  return { kind, entries: [...legend].sort((a, b) => a[0] - b[0]), background };
}

/** @throws UserError when `given` is not a legend. */
export function legendOf(given: unknown, from = 'The legend'): Legend {
  if (Array.isArray(given) && given.every((name) => typeof name === 'string')) {
    return fromNames(given, from);
  }
  const [bits, pages] = [Bits.safeParse(given).data, Pages.safeParse(given).data];
  const record = Names.safeParse(bits?.bits ?? pages?.pages ?? given);
  if (!record.success) {
    throw new UserError(`${from} must hold values and structures, such as {"1": "lung"}.`);
  }
  const pairs = Object.entries(record.data).map(([key, value]) =>
    typeof value === 'number' ? ([value, key] as const) : ([Number(key), value] as const),
  );
  return build(pairs, from, bits ? 'bits' : pages ? 'pages' : 'values');
}

/**
 * Makes a legend from a list of names. Their numbers begin at 0 if the first name is the background, else
 * at 1. labelme's lists may begin with `__ignore__`, which has no number.
 */
function fromNames(list: readonly string[], from: string): Legend {
  const names = list[0] === '__ignore__' ? list.slice(1) : list;
  const start = isBackground(names[0] ?? '') ? 0 : 1;
  return build(
    names.map((name, index) => [index + start, name] as const),
    from,
  );
}

function fromLines(text: string, from: string): Legend {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const entries = lines.filter((line) => line !== '' && !line.startsWith('#'));
  const numbered = entries.map((line) => /^(\d+)\s*[:=,;\s]\s*(\S.*)$/.exec(line));
  if (numbered.every((match) => match !== null)) {
    return build(
      numbered.map((match) => [Number(match[1]), match[2]] as const),
      from,
    );
  }
  return fromNames(entries, from);
}

/**
 * Parses the text of a legend file: lines if its name ends in `.txt` or `.csv`, else JSON.
 * @throws UserError when the text is not a legend.
 */
export function parseLegend(text: string, file: string): Legend {
  if (/\.txt$/i.test(file)) return fromLines(text, file);
  if (/\.csv$/i.test(file)) return fromLines(text.replace(/^[^\n]*\n?/, ''), file);
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch {
    throw new UserError(`${file} is not valid JSON: a legend looks like {"1": "lung"}.`);
  }
  return legendOf(given, file);
}

/**
 * @returns the legend file in `folder`, or null if there is none
 * @throws UserError when the file is not a legend.
 */
export async function findLegend(folder: string): Promise<{ file: string; legend: Legend } | null> {
  for (const name of FILES) {
    const file = join(folder, name);
    const text = await readRegular(file, 'utf8').catch(() => null);
    if (text === null) continue;
    return { file, legend: parseLegend(text, file) };
  }
  return null;
}

export function isLegendFile(path: string): boolean {
  return FILES.includes(basename(path));
}
