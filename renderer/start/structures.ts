/** The structures of a dataset as a person edits them before the import. Pure. */
import { STRUCTURE_COLOURS, STRUCTURE_NAME } from '../../audit/contract/terms.ts';
import type { ImportPreview } from '../../audit/contract/api.ts';
import type { Coded } from '../../audit/contract/terms.ts';

export interface StructureRow {
  /** Identifies the row while its name and folder are edited. */
  readonly key: number;
  name: string;
  colour: string;
  /**
   * Folder of the structure's masks; empty if nobody chose it yet. Null if the format has no such folders, or
   * the structure has no masks and is to be drawn.
   */
  folder: string | null;
  /** The structure's value, bit or page in multi-valued masks; null in binary masks. */
  coded: Coded | null;
  /** Number of the structure's labels in the last preview. */
  labels: number;
  included: boolean;
}

/** Whether the row brings labels, or is a structure of a dataset of folders that a person is to draw. */
export function isUsable(row: StructureRow, byFolder: boolean): boolean {
  return row.labels > 0 || (byFolder && row.folder === null);
}

/** Colours for new structures: those of the import, and some more. */
export const COLOUR_CHOICES: readonly string[] = [
  ...STRUCTURE_COLOURS,
  '#5db2ff',
  '#ff7aa8',
  '#f6c445',
  '#7bd88f',
  '#b79bff',
];

/** The first colour of the palette that no row has; if all are used, one of them. */
export function freeColour(rows: readonly StructureRow[]): string {
  const used = new Set(rows.map(({ colour }) => colour));
  return (
    COLOUR_CHOICES.find((colour) => !used.has(colour)) ??
    COLOUR_CHOICES[rows.length % COLOUR_CHOICES.length]
  );
}

/** What is wrong with the row at `index`, in one sentence; null if nothing is wrong. */
export function rowProblem(rows: readonly StructureRow[], index: number): string | null {
  const row = rows[index];
  if (!row?.included) return null;
  const name = row.name.trim();
  if (name === '') return 'Give it a name.';
  if (!STRUCTURE_NAME.test(name)) return 'Use letters, digits, spaces, “-” and “_”.';
  if (rows.some((other, i) => i < index && other.included && other.name.trim() === name))
    return 'This name is taken.';
  return null;
}

const KIND = { values: 'value', bits: 'bit', pages: 'page' } as const;

/** How a structure is coded in multi-valued masks, to be put after the folder's name: `, value 2`. */
export function codedAs({ coded }: StructureRow): string {
  return coded === null ? '' : `, ${KIND[coded.kind]} ${coded.number}`;
}

/**
 * Reader options that name the folders one by one. Rows without a folder are structures to draw.
 * @param unlabelled whether images without a mask become cases
 */
export function folderOptions(
  images: string,
  rows: readonly StructureRow[],
  unlabelled = false,
): Record<string, unknown> {
  const toDraw = rows.filter(({ included, folder }) => included && folder === null);
  const rest = {
    ...(toDraw.length > 0 && { structures: toDraw.map(({ name }) => name.trim()) }),
    ...(unlabelled && { unlabelled }),
  };
  const wanted = rows.filter(({ included, folder }) => included && folder !== null);
  const multi = wanted.find(({ coded }) => coded !== null);
  if (multi?.coded) {
    const { kind } = multi.coded;
    const names = Object.fromEntries(
      wanted.map(({ coded, name }): [string, string] => [String(coded?.number), name.trim()]),
    );
    const legend = kind === 'values' ? names : { [kind]: names };
    return { images, masks: multi.folder, legend, ...rest };
  }
  const labels = Object.fromEntries(wanted.map(({ name, folder }) => [name.trim(), folder]));
  return { images, ...(wanted.length > 0 && { labels }), ...rest };
}

export interface ImportNoticeGroup {
  readonly kind: 'left-out' | 'changed';
  readonly reason: string;
  readonly files: readonly string[];
}

/** Notices grouped by reason: files left out first, then by frequency. */
export function groupNotices(notices: ImportPreview['notices']): ImportNoticeGroup[] {
  const groups = new Map<
    string,
    { kind: ImportNoticeGroup['kind']; reason: string; files: string[] }
  >();
  for (const { kind, file, reason } of notices) {
    const key = `${kind}\n${reason}`;
    const group = groups.get(key) ?? { kind, reason, files: [] };
    groups.set(key, group);
    group.files.push(file);
  }
  const order = { 'left-out': 0, changed: 1 };
  return [...groups.values()].sort(
    (a, b) => order[a.kind] - order[b.kind] || b.files.length - a.files.length,
  );
}
