/** Edits the text of one task: only the regions of corrected labels change. Pure. */
import { createHash } from 'node:crypto';
import { brushOf } from '../../../imaging/brush-rle.ts';
import type { Mask } from '../../../imaging/types.ts';
import { entrySpans, gapSpan, listSplices, memberSpans, separatorOf } from '../../json/edit.ts';
import { spliceText } from '../../tree/splice.ts';
import type { Splice } from '../../tree/splice.ts';
import { Region } from './tasks.ts';
import type { BrushTag, StoredTask } from './tasks.ts';

/** The changes of one label. */
export interface LabelEdit {
  readonly label: string;
  /** The new mask of each changed region, by its index; null removes the region. */
  readonly changed: ReadonlyMap<number, Mask | null>;
  readonly added: readonly Mask[];
}

/**
 * Makes the id of a new region. It looks like Label Studio's, but is the same in every export of the same
 * label.
 */
function regionId(task: StoredTask, label: string, number: number): string {
  const seed = JSON.stringify([task.name, label, number]);
  return createHash('sha256').update(seed).digest('base64url').replace(/[-_]/g, 'x').slice(0, 10);
}

/** Replaces the mask in the text of a region. A polygon becomes a brush. */
function redrawnRegion(text: string, mask: Mask): string {
  const places = memberSpans(text);
  const value = places.get('value')!;
  const inside = memberSpans(text, value.start);
  const rle = inside.get('rle');
  const brush = JSON.stringify(brushOf(mask));
  if (rle !== undefined) return spliceText(text, [{ ...rle, text: brush }]);
  const region = Region.parse(JSON.parse(text));
  const { polygonlabels, labels } = region.value;
  const names = polygonlabels === undefined ? labels : polygonlabels;
  const key = polygonlabels === undefined ? 'labels' : 'brushlabels';
  const labelling = names === undefined ? '' : `,${JSON.stringify(key)}:${JSON.stringify(names)}`;
  const splices: Splice[] = [{ ...value, text: `{"format":"rle","rle":${brush}${labelling}}` }];
  const kind = { polygonlabels: 'brushlabels', polygon: 'brush' }[region.type];
  const type = places.get('type');
  if (kind !== undefined && type !== undefined) splices.push({ ...type, text: `"${kind}"` });
  return spliceText(text, splices);
}

function newRegion(
  task: StoredTask,
  tag: BrushTag,
  label: string,
  mask: Mask,
  number: number,
): string {
  return JSON.stringify({
    original_width: mask.width,
    original_height: mask.height,
    image_rotation: 0,
    value: { format: 'rle', rle: brushOf(mask), brushlabels: [label] },
    id: regionId(task, label, number),
    ...tag,
    type: 'brushlabels',
    origin: 'manual',
  });
}

/** Applies the edits to the text of a task. Every other byte stays. */
export function editTask(
  text: string,
  task: StoredTask,
  tag: BrushTag,
  edits: readonly LabelEdit[],
): string {
  const { key, place } = task.annotation!;
  const annotations = entrySpans(text, memberSpans(text).get(key)!.start);
  const own = memberSpans(text, annotations.entries[place].start);
  const result = entrySpans(text, own.get('result')!.start);
  const texts = result.entries.map(({ start, end }) => text.slice(start, end));
  const ids = texts.map((one) => Region.safeParse(JSON.parse(one)).data?.id);
  const changed = new Map<number, string | null>();
  const added: string[] = [];
  for (const { label, changed: masks, added: drawn } of edits) {
    for (const [at, mask] of masks) {
      // Entries with the same id form one region (its shape, label and attributes). So all of them are
      // removed, or all that hold the shape are redrawn.
      texts.forEach((one, i) => {
        if (i !== at && (ids[at] === undefined || ids[i] !== ids[at])) return;
        const isShape = i === at || /"(rle|points)"\s*:/.test(one);
        if (mask === null) changed.set(i, null);
        else if (isShape) changed.set(i, redrawnRegion(one, mask));
      });
    }
    for (const mask of drawn) added.push(newRegion(task, tag, label, mask, added.length));
  }
  const gap = gapSpan(result);
  const separator = separatorOf(result, text.slice(gap.start, gap.end));
  return spliceText(text, listSplices(result, { changed, added, gap: separator }));
}
