/**
 * Turns the rows of a manifest into cases: each row is one label of one image. A relative path starts at
 * the manifest's folder. A path must lie below this folder; only an absolute path may lead elsewhere, if
 * a person named the manifest.
 */
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { UserError } from '../../../errors.ts';
import { columnsIn, readTable } from './table.ts';
import type { ManifestTable } from './columns.ts';
import { leftOut } from '../../import/notices.ts';
import { isWithin, portable } from '../../tree/places.ts';
import { Steps, bytesOf } from '../../import/steps.ts';
import { structureNameOf } from '../../tree/structures.ts';
import type { ImportNotice } from '../../../contract/terms.ts';
import type { Looking } from '../../types.ts';
import { idOf } from '../../tree/walk.ts';

export const COLUMNS = [
  'image',
  'mask',
  'structure',
  'annotator',
  'split',
  'patient',
  'study',
  'value',
] as const;
export type ManifestColumn = (typeof COLUMNS)[number];
/** The columns that every manifest needs. */
const NEEDED: readonly ManifestColumn[] = ['image', 'mask', 'structure'];
const HIGHEST = 65535;

export interface PlannedLabel {
  readonly structure: string;
  /** The absolute path. */
  readonly mask: string;
  /** The structure's values in a multi-valued mask; empty for a binary mask. */
  readonly values: number[];
  /** Indices of the label's rows in the table. */
  readonly rows: number[];
}

export interface PlannedCase {
  readonly id: string;
  /** The absolute path. */
  readonly image: string;
  readonly labels: PlannedLabel[];
  /** Indices of all rows of the image, including rows without a mask. */
  readonly rows: number[];
}

export interface ManifestPlan {
  readonly file: string;
  readonly table: ManifestTable;
  /** Column → its name in the file, for the columns that the file has. */
  readonly names: ReadonlyMap<ManifestColumn, string>;
  readonly cases: readonly PlannedCase[];
  readonly notices: readonly ImportNotice[];
}

/** The number of a row in a spreadsheet, where row 1 names the columns. */
const sheetRow = (row: number): number => row + 2;

/** The text of a cell, or '' if the file lacks the column. */
export function cellIn(
  plan: Pick<ManifestPlan, 'table' | 'names'>,
  row: number,
  column: ManifestColumn,
): string {
  const name = plan.names.get(column);
  if (name === undefined) return '';
  return (plan.table.rows[row][plan.table.columns.indexOf(name)] ?? '').trim();
}

function namesOf(columns: readonly string[]): Map<ManifestColumn, string> {
  const names = new Map<ManifestColumn, string>();
  for (const column of COLUMNS) {
    const name = columns.find((given) => given.trim().toLowerCase() === column);
    if (name !== undefined) names.set(column, name);
  }
  return names;
}

/** The first needed column that is missing, or undefined if all are there. */
const missingIn = (names: ReadonlyMap<ManifestColumn, string>): ManifestColumn | undefined =>
  NEEDED.find((column) => !names.has(column));

/** Whether a table has the columns that a manifest needs. */
export async function looksLikeManifest(file: string): Promise<boolean> {
  return missingIn(namesOf(await columnsIn(file))) === undefined;
}

/** @throws UserError when a needed column is missing. */
function checkNames(file: string, names: ReadonlyMap<ManifestColumn, string>): void {
  const missing = missingIn(names);
  if (missing !== undefined) {
    throw new UserError(
      `${file} has no column “${missing}”: it needs ${NEEDED.join(', ')}, and may have ` +
        `${COLUMNS.filter((column) => !NEEDED.includes(column)).join(', ')}.`,
    );
  }
}

/**
 * The absolute path for a cell, or null if it may not be used. A path outside `folder` may be used only
 * if it is absolute and `absolute` is true.
 */
function pathOf(folder: string, cell: string, absolute: boolean): string | null {
  const path = resolve(folder, cell);
  if (isAbsolute(cell) && absolute) return path;
  return isWithin(path, folder) ? path : null;
}

/**
 * Makes case ids. An id is the image's path below the manifest's folder, without the extension; for an
 * image outside this folder, it is the file's name. If another case has this id, the extension is kept.
 * If that id is taken, too, a number is added.
 */
class Ids {
  readonly #taken = new Set<string>();

  of(folder: string, image: string): string {
    const inside = isWithin(image, folder);
    const name = inside ? portable(folder, image) : basename(image);
    const plain = idOf(name);
    let id = this.#taken.has(plain) ? name.normalize('NFC') : plain;
    for (let n = 2; this.#taken.has(id); n += 1) id = `${plain} (${n})`;
    this.#taken.add(id);
    return id;
  }
}

class Planner {
  readonly cases = new Map<string, PlannedCase>();
  readonly notices: ImportNotice[] = [];
  readonly #ids = new Ids();
  /** The image of each mask. A row that gives a mask to a second image is left out. */
  readonly #imageOf = new Map<string, string>();
  readonly #plan: Pick<ManifestPlan, 'file' | 'table' | 'names'>;
  readonly #absolute: boolean;

  constructor(plan: Pick<ManifestPlan, 'file' | 'table' | 'names'>, absolute: boolean) {
    this.#plan = plan;
    this.#absolute = absolute;
  }

  add(row: number): void {
    const image = this.#path(row, 'image');
    if (image === null) return;
    const folder = dirname(this.#plan.file);
    const item = this.cases.get(image) ?? {
      id: this.#ids.of(folder, image),
      image,
      labels: [],
      rows: [],
    };
    this.cases.set(image, item);
    item.rows.push(row);
    // A row without a mask names an image without labels.
    if (cellIn(this.#plan, row, 'mask') === '') return;
    const mask = this.#path(row, 'mask');
    if (mask !== null) this.#addLabel(item, mask, row);
  }

  #addLabel(item: PlannedCase, mask: string, row: number): void {
    const name = cellIn(this.#plan, row, 'structure');
    if (name === '') return this.#leaveOut(`names no structure in row ${sheetRow(row)}.`);
    const structure = structureNameOf(name);
    const given = cellIn(this.#plan, row, 'value');
    const value = given === '' ? null : Number(given);
    if (value !== null && !(Number.isInteger(value) && value >= 1 && value <= HIGHEST)) {
      const must = `it must be whole, from 1 to ${HIGHEST}`;
      return this.#leaveOut(`names the value “${given}” in row ${sheetRow(row)}: ${must}.`);
    }
    const first = this.#imageOf.get(mask) ?? item.image;
    this.#imageOf.set(mask, first);
    if (first !== item.image) {
      return this.#leaveOut(
        `names, in row ${sheetRow(row)}, a mask that another image has already.`,
      );
    }
    const isBinary = (label: PlannedLabel) => value === null || label.values.length === 0;
    const same = item.labels.find((label) => label.structure === structure);
    if (same === undefined && item.labels.some((one) => one.mask === mask && isBinary(one))) {
      return this.#leaveOut(
        `names, in row ${sheetRow(row)}, a mask that another structure uses already: give each of the two structures a value.`,
      );
    }
    if (same === undefined) {
      item.labels.push({ structure, mask, values: value === null ? [] : [value], rows: [row] });
    } else if (same.mask === mask && value !== null && same.values.length > 0) {
      same.values.push(value);
      same.rows.push(row);
    } else {
      this.#leaveOut(
        `names, in row ${sheetRow(row)}, a second mask of a structure: the first was taken.`,
      );
    }
  }

  #path(row: number, column: 'image' | 'mask'): string | null {
    const cell = cellIn(this.#plan, row, column);
    if (cell === '') {
      this.#leaveOut(`names no ${column} in row ${sheetRow(row)}.`);
      return null;
    }
    const path = pathOf(dirname(this.#plan.file), cell, this.#absolute);
    if (path === null) {
      const way = isAbsolute(cell) ? 'name the manifest itself (--manifest)' : 'move it there';
      const where = 'that does not lie below its folder';
      this.#leaveOut(`names, in row ${sheetRow(row)}, ${article(column)} ${where}: ${way}.`);
    }
    return path;
  }

  #leaveOut(reason: string): void {
    this.notices.push(leftOut(this.#plan.file, reason));
  }
}

const article = (column: 'image' | 'mask'): string => (column === 'image' ? 'an image' : 'a mask');

/**
 * Reads a manifest.
 * @param absolute whether absolute paths may lead out of the manifest's folder
 * @throws UserError when the manifest cannot be read or lacks a column; the signal's reason when
 *   cancelled.
 */
export async function planManifest(
  file: string,
  absolute: boolean,
  looking: Looking = {},
): Promise<ManifestPlan> {
  const size = await bytesOf([file]);
  // The bytes count twice: once for reading, once for turning the rows into cases.
  const steps = new Steps(2 * size, looking);
  const table = await readTable(file, steps);
  const names = namesOf(table.columns);
  checkNames(file, names);
  const planner = new Planner({ file, table, names }, absolute);
  for (let row = 0; row < table.rows.length; row += 1) {
    planner.add(row);
    await steps.take(size / table.rows.length);
  }
  return { file, table, names, cases: [...planner.cases.values()], notices: planner.notices };
}

/** The file names by which a manifest in a dataset's root is recognised. */
const MANIFEST_FILES = ['manifest.csv', 'manifest.parquet'] as const;

/** The manifest in `root`, or null if no file has one of these names. */
export function manifestIn(root: string, names: readonly string[]): string | null {
  const name = MANIFEST_FILES.find((one) => names.includes(one));
  return name === undefined ? null : join(root, name);
}
