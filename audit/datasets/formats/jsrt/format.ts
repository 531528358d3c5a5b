/**
 * JSRT with SCR: 247 chest radiographs (raw `.IMG` files of the JSRT database) and their masks of
 * lungs, heart and clavicles (GIF files of the SCR database).
 *
 * Reading: `reader.ts` matches images and masks; `layout.ts` names the folders of SCR;
 * `codecs/jsrt-raw.ts` decodes an image.
 * Writing: `writer.ts`; `sides.ts` splits a corrected mask of both sides into left and right.
 */
import type { DatasetFormat } from '../../types.ts';
import { jsrtReader } from './reader.ts';
import { jsrtWriter } from './writer.ts';

export const jsrt: DatasetFormat = {
  name: 'jsrt',
  title: 'JSRT with SCR',
  reader: jsrtReader,
  writer: jsrtWriter,
};
