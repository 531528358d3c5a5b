import { describe, expect, test } from 'vitest';
import { commandTyped, typedIn } from '../../../audit/cli/typed.ts';

describe('the folder a command was typed in', () => {
  const npm = {
    INIT_CWD: '/data',
    npm_lifecycle_event: 'overread',
    npm_package_name: 'overread',
    npm_package_json: '/tool/package.json',
  };

  test('is the one in which npm was called', () => {
    expect(typedIn(npm, '/tool')).toBe('/data');
  });

  test('is the process’s own without npm, in another script, package or folder', () => {
    expect(typedIn({}, '/tool')).toBeNull();
    expect(typedIn({ ...npm, npm_lifecycle_event: 'test' }, '/tool')).toBeNull();
    expect(typedIn({ ...npm, npm_package_name: 'editor' }, '/tool')).toBeNull();
    expect(typedIn(npm, '/data/chest')).toBeNull();
  });

  test('is left out of the next command where it is the package’s', () => {
    expect(commandTyped({})).toBe('overread');
    expect(commandTyped({ ...npm, INIT_CWD: '/tool' })).toBe('npm run overread --');
    expect(commandTyped(npm)).toBe('npm --prefix /tool run overread --');
  });
});
