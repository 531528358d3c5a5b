/** Reads `masks.json` of a fixture: the masks that the format's own tool reads from it (see its make.py). */
import { readFile } from 'node:fs/promises';
import { emptyMask } from '../../../../audit/imaging/polygon.ts';
import type { Mask } from '../../../../audit/imaging/types.ts';
import { fixture } from '../../codecs/expected.ts';

type Stored = Record<string, Record<string, { width: number; height: number; runs: number[] }>>;

/** @returns `CASE STRUCTURE` → mask */
export async function toolMasks(format: string): Promise<Map<string, Mask>> {
  const text = await readFile(fixture(`${format}/masks.json`), 'utf8');
  const masks = new Map<string, Mask>();
  for (const [id, labels] of Object.entries(JSON.parse(text) as Stored)) {
    for (const [structure, { width, height, runs }] of Object.entries(labels)) {
      const mask = emptyMask(width, height);
      let at = 0;
      runs.forEach((length, i) => mask.data.fill(i % 2, at, (at += length)));
      masks.set(`${id} ${structure}`, mask);
    }
  }
  return masks;
}
