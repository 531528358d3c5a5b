import { describe, expect, test } from 'vitest';
import { commandTyped, typedIn } from '../../../audit/cli/typed.ts';

describe('the folder in which a person typed the command', () => {
  const npm = {
    INIT_CWD: '/data',
    npm_lifecycle_event: 'overread',
    npm_package_name: 'overread',
    npm_package_json: '/tool/package.json',
  };

  test('is the folder in which npm was called', () => {
    expect(typedIn(npm, '/tool')).toBe('/data');
  });

  test('is null without npm, and in another script, package or folder', () => {
    expect(typedIn({}, '/tool')).toBeNull();
    expect(typedIn({ ...npm, npm_lifecycle_event: 'test' }, '/tool')).toBeNull();
    expect(typedIn({ ...npm, npm_package_name: 'editor' }, '/tool')).toBeNull();
    expect(typedIn(npm, '/data/chest')).toBeNull();
  });

  test('decides whether the command to type next must name the folder of the package', () => {
    expect(commandTyped({})).toBe('overread');
    expect(commandTyped({ ...npm, INIT_CWD: '/tool' })).toBe('npm run overread --');
    expect(commandTyped(npm)).toBe('npm --prefix /tool run overread --');
  });
});
