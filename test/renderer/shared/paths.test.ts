import { describe, expect, it } from 'vitest';
import { baseName, below, folderOf, joinPath, nextName } from '../../../renderer/shared/paths.ts';

describe('paths', () => {
  it('are taken apart and put together on either system', () => {
    expect([baseName('/data/chest/'), baseName('C:\\data\\chest'), baseName('/')]).toEqual([
      'chest',
      'chest',
      '/',
    ]);
    expect([folderOf('/data/chest'), folderOf('/data'), folderOf('C:\\data')]).toEqual([
      '/data',
      '/',
      'C:\\',
    ]);
    expect([joinPath('/', 'a'), joinPath('/b', 'a'), joinPath('C:\\b', 'a')]).toEqual([
      '/a',
      '/b/a',
      'C:\\b\\a',
    ]);
  });

  it('are counted up, from 2', () => {
    expect(nextName('/data/chest-corrected/')).toBe('/data/chest-corrected-2');
    expect(nextName('/data/chest-corrected-2')).toBe('/data/chest-corrected-3');
    expect(nextName('C:\\data\\chest-9')).toBe('C:\\data\\chest-10');
  });

  it('are shown relative to a folder only if they lie in it', () => {
    expect(below('/data/chest/images/1.png', '/data/chest/')).toBe('images/1.png');
    expect(below('/data/chest2/1.png', '/data/chest')).toBe('/data/chest2/1.png');
    expect(below('/data/chest', '/data/chest')).toBe('.');
  });
});
