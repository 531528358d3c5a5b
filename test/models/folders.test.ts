import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cacheFolder, configurationFolder } from '../../models/folders.ts';

describe('the cache folder', () => {
  it('is the one asked for, else the platform’s own', () => {
    expect(cacheFolder({ OVERREAD_CACHE: '/x' }, 'linux')).toBe('/x');
    expect(cacheFolder({ XDG_CACHE_HOME: '/c' }, 'linux')).toBe(join('/c', 'overread'));
    expect(cacheFolder({}, 'linux')).toMatch(/\.cache.overread$/);
    expect(cacheFolder({}, 'darwin')).toMatch(/Library.Caches.overread$/);
    expect(cacheFolder({ LOCALAPPDATA: 'L' }, 'win32')).toBe(join('L', 'overread'));
  });
});

describe('the configuration folder', () => {
  it('is the one asked for, else the platform’s own', () => {
    expect(configurationFolder({ OVERREAD_CONFIG: '/x' }, 'linux')).toBe('/x');
    expect(configurationFolder({ XDG_CONFIG_HOME: '/c' }, 'linux')).toBe(join('/c', 'overread'));
    expect(configurationFolder({}, 'linux')).toMatch(/\.config.overread$/);
    expect(configurationFolder({}, 'darwin')).toMatch(/Application Support.overread$/);
    expect(configurationFolder({ APPDATA: 'R' }, 'win32')).toBe(join('R', 'overread'));
  });
});

describe('a variable that is set but empty', () => {
  it.each(['linux', 'win32', 'darwin'] as const)('counts as not set on %s', (platform) => {
    const empty = {
      OVERREAD_CACHE: '',
      OVERREAD_CONFIG: '',
      XDG_CACHE_HOME: '',
      XDG_CONFIG_HOME: '',
      LOCALAPPDATA: '',
      APPDATA: '',
    };
    for (const folderOf of [cacheFolder, configurationFolder]) {
      expect(folderOf(empty, platform)).toBe(folderOf({}, platform));
      expect(folderOf(empty, platform).startsWith(homedir())).toBe(true);
    }
  });
});
