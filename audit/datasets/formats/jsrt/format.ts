/** The JSRT originals with the SCR masks. */
import type { DatasetFormat } from '../../types.ts';
import { jsrtReader } from './reader.ts';
import { jsrtWriter } from './writer.ts';

export const jsrt: DatasetFormat = {
  name: 'jsrt',
  title: 'JSRT with SCR',
  reader: jsrtReader,
  writer: jsrtWriter,
};
