/** What an export changes in one task of Label Studio: only the regions of corrected labels. Pure. */
import { createHash } from 'node:crypto';
import { brushOf } from '../../../imaging/brush-rle.ts';
import type { Mask } from '../../../imaging/types.ts';
import { entryPlaces, gapPlace, listSplices, memberPlaces, separatorOf } from '../../json/edit.ts';
import { spliceText } from '../../tree/splice.ts';
import type { Splice } from '../../tree/splice.ts';
import { Region } from './tasks.ts';
import type { BrushTag, Task } from './tasks.ts';

/** A label of a task as it is to be. */
export interface LabelEdit {
  readonly label: string;
  /** New masks of regions by their place; null takes a region out. */
  readonly changed: ReadonlyMap<number, Mask | null>;
  readonly added: readonly Mask[];
}

/** Letters and digits, as Label Studio makes them, but the same each time. */
function regionId(task: Task, label: string, number: number): string {
  const seed = JSON.stringify([task.name, label, number]);
  return createHash('sha256').update(seed).digest('base64url').replace(/[-_]/g, 'x').slice(0, 10);
}

/** A region that draws another mask now: its brush is replaced; a polygon becomes a brush. */
function redrawn(text: string, mask: Mask): string {
  const places = memberPlaces(text);
  const value = places.get('value')!;
  const inside = memberPlaces(text, value.start);
  const rle = inside.get('rle');
  const brush = JSON.stringify(brushOf(mask));
  if (rle !== undefined) return spliceText(text, [{ ...rle, text: brush }]);
  const region = Region.parse(JSON.parse(text));
  const { polygonlabels, labels } = region.value;
  const names = polygonlabels === undefined ? labels : polygonlabels;
  const key = polygonlabels === undefined ? 'labels' : 'brushlabels';
  const named = names === undefined ? '' : `,${JSON.stringify(key)}:${JSON.stringify(names)}`;
  const splices: Splice[] = [{ ...value, text: `{"format":"rle","rle":${brush}${named}}` }];
  const kind = { polygonlabels: 'brushlabels', polygon: 'brush' }[region.type];
  const type = places.get('type');
  if (kind !== undefined && type !== undefined) splices.push({ ...type, text: `"${kind}"` });
  return spliceText(text, splices);
}

function newRegion(task: Task, tag: BrushTag, label: string, mask: Mask, number: number): string {
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

/** The text of a task with its labels as they are to be; every other byte stays. */
export function editTask(
  text: string,
  task: Task,
  tag: BrushTag,
  edits: readonly LabelEdit[],
): string {
  const { key, place } = task.annotation!;
  const annotations = entryPlaces(text, memberPlaces(text).get(key)!.start);
  const own = memberPlaces(text, annotations.entries[place].start);
  const result = entryPlaces(text, own.get('result')!.start);
  const texts = result.entries.map(({ start, end }) => text.slice(start, end));
  const ids = texts.map((one) => Region.safeParse(JSON.parse(one)).data?.id);
  const changed = new Map<number, string | null>();
  const added: string[] = [];
  for (const { label, changed: masks, added: drawn } of edits) {
    for (const [at, mask] of masks) {
      // Entries of one id are one region: its shape, its label, what was said of it.
      texts.forEach((one, i) => {
        if (i !== at && (ids[at] === undefined || ids[i] !== ids[at])) return;
        const isShape = i === at || /"(rle|points)"\s*:/.test(one);
        if (mask === null) changed.set(i, null);
        else if (isShape) changed.set(i, redrawn(one, mask));
      });
    }
    for (const mask of drawn) added.push(newRegion(task, tag, label, mask, added.length));
  }
  const gap = gapPlace(result);
  const separator = separatorOf(result, text.slice(gap.start, gap.end));
  return spliceText(text, listSplices(result, { changed, added, gap: separator }));
}
