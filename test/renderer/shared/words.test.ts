import { describe, expect, it } from 'vitest';
import { baseName, below, folderOf, joinPath } from '../../../renderer/shared/paths.ts';
import { ago, count, duration, percent, timeLeft } from '../../../renderer/shared/words.ts';

describe('words', () => {
  it('count in the singular, the plural, and with thousands apart', () => {
    expect([count(1, 'case'), count(0, 'case'), count(12_345, 'label')]).toEqual([
      '1 case',
      '0 cases',
      '12,345 labels',
    ]);
  });

  it('say how long, and how long still, no more exactly than it can be known', () => {
    expect([0.4, 59, 61, 119.6, 3600, 5400].map(duration)).toEqual([
      '0 s',
      '59 s',
      '1 min 1 s',
      '2 min',
      '1 h',
      '1 h 30 min',
    ]);
    expect([3, 42, 200, 7000].map(timeLeft)).toEqual([
      'a few seconds left',
      'about 40 s left',
      'about 3 min left',
      'about 1 h 57 min left',
    ]);
  });

  it('say when', () => {
    const now = new Date('2026-11-23T12:00:00Z');
    const before = (seconds: number): string =>
      ago(new Date(now.getTime() - seconds * 1000).toISOString(), now);
    expect([5, 200, 7300, 90_000, 4 * 86_400, 30 * 86_400].map(before)).toEqual([
      'just now',
      '3 min ago',
      '2 h ago',
      'yesterday',
      '4 days ago',
      '24 Oct 2026',
    ]);
  });

  it('never call something nothing, or a part the whole', () => {
    expect([0, 0.001, 0.37, 0.999, 1].map(percent)).toEqual([
      '0 %',
      '1 %',
      '37 %',
      '99 %',
      '100 %',
    ]);
  });
});

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

  it('are shown below a folder only when they are', () => {
    expect(below('/data/chest/images/1.png', '/data/chest/')).toBe('images/1.png');
    expect(below('/data/chest2/1.png', '/data/chest')).toBe('/data/chest2/1.png');
    expect(below('/data/chest', '/data/chest')).toBe('.');
  });
});
