/** Groups the segments of a DICOM-SEG: all segments of one name are one structure. Pure. */
import type { Segment } from '../../../codecs/dicom/seg.ts';
import { structureNameOf } from '../../tree/structures.ts';

/** The segments of a DICOM-SEG by structure, in the order of the file. */
export function segmentsByStructure(segments: readonly Segment[]): Map<string, Segment[]> {
  const groups = new Map<string, Segment[]>();
  for (const segment of segments) {
    const name = structureNameOf(segment.label);
    groups.set(name, [...(groups.get(name) ?? []), segment]);
  }
  return groups;
}
