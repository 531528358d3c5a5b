import { expect, it } from 'vitest';
import { folderFor } from '../../../renderer/start/unpack.ts';

it('proposes the folder beside the file, and none for another file', () => {
  expect(folderFor('/data/chest.overread.zip')).toBe('/data/chest.overread');
  expect(folderFor(' C:\\data\\chest.OVERREAD.ZIP ')).toBe('C:\\data\\chest.OVERREAD');
  expect(folderFor('/data/chest.zip')).toBe('');
});
