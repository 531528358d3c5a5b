import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exitOf } from '../../electron/exit.ts';
import { PROJECT_NAME } from '../../audit/contract/terms.ts';
import { givenIn, pathIn } from '../../electron/opening.ts';
import {
  FIRST,
  fitBounds,
  readWindowState,
  writeWindowState,
} from '../../electron/window-state.ts';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'overread-window-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const main = { x: 0, y: 0, width: 1920, height: 1080 };
const second = { x: 1920, y: 0, width: 2560, height: 1440 };

describe('where the window opens', () => {
  it('is its last place, if that screen is still there', () => {
    const kept = { x: 2000, y: 100, width: 1600, height: 1000 };
    expect(fitBounds(kept, [main, second])).toEqual(kept);
    expect(fitBounds(kept, [main])).toEqual({ width: 1600, height: 1000 });
  });

  it('is never outside of the screens, nor larger than the screen', () => {
    const above = { x: 100, y: -900, width: 1200, height: 800 };
    expect(fitBounds(above, [main])).not.toHaveProperty('y');
    const huge = { x: 0, y: 0, width: 5000, height: 3000 };
    expect(fitBounds(huge, [main])).toMatchObject({ width: 1920, height: 1080 });
    expect(fitBounds(null, [main])).toEqual(FIRST);
  });

  it('is kept in a file, and a damaged file is ignored', () => {
    const file = join(root, 'deep', 'window.json');
    const state = { bounds: { ...main, width: 1500 }, maximised: true, fullScreen: false };
    writeWindowState(file, state);
    expect(readWindowState(file)).toEqual(state);
    writeFileSync(file, readFileSync(file, 'utf8').replace('1500', '"wide"'));
    expect(readWindowState(file).bounds).toBeNull();
    writeFileSync(file, '{');
    expect(readWindowState(file).maximised).toBe(false);
  });
});

describe('what a launch was given', () => {
  it('is the first argument that is an existing path, without switches and the application', () => {
    const argv = ['electron', '--inspect=0', '/app', '--no-sandbox', 'nothing', root];
    expect(givenIn(argv, false)).toEqual(['nothing', root]);
    expect(givenIn(['overread', '--x', root], true)).toEqual([root]);
    expect(pathIn(givenIn(argv, false), '/')).toBe(root);
    expect(pathIn(['nothing'], '/')).toBeNull();
  });

  it('may be a file, and is relative to the folder in which it was typed', () => {
    writeFileSync(join(root, 'annotations.json'), '');
    expect(pathIn(['annotations.json'], root)).toBe(join(root, 'annotations.json'));
    expect(pathIn([`${root}/`], '/')).toBe(root);
  });

  it('is a project if its name ends in .overread', () => {
    expect(
      ['a.overread', 'a.overread/', 'b', 'overread'].map((path) => PROJECT_NAME.test(path)),
    ).toEqual([true, true, false, false]);
  });
});

describe('how a process ended', () => {
  it('is a signal or a code on POSIX, a code on Windows', () => {
    expect(exitOf(9, 'x', 'linux')).toMatchObject({ code: null, signal: 'SIGKILL', tail: 'x' });
    expect(exitOf(139, '', 'linux')).toMatchObject({ code: null, signal: 'SIGSEGV' });
    expect(exitOf(256, '', 'linux')).toMatchObject({ code: 1, signal: null });
    expect(exitOf(1, '', 'linux')).toMatchObject({ code: 1, signal: null });
    expect(exitOf(9, '', 'win32')).toMatchObject({ code: 9, signal: null });
  });
});
