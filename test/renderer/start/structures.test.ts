import { describe, expect, it } from 'vitest';
import type { Task } from '../../../audit/contract/api.ts';
import type { Coded, Progress } from '../../../audit/contract/terms.ts';
import { DEMO_STEPS, demoStep } from '../../../renderer/start/demo.ts';
import {
  codedAs,
  COLOUR_CHOICES,
  folderOptions,
  freeColour,
  groupNotices,
  rowProblem,
} from '../../../renderer/start/structures.ts';
import type { StructureRow } from '../../../renderer/start/structures.ts';

let key = 0;
const row = (name: string, change: Partial<StructureRow> = {}): StructureRow => ({
  key: (key += 1),
  name,
  colour: COLOUR_CHOICES[0],
  folder: `/data/${name}`,
  coded: null,
  labels: 3,
  included: true,
  ...change,
});

describe('structures', () => {
  it('become folders named one by one, without those left out', () => {
    const rows = [
      row(' lung ', { folder: '/data/lung' }),
      row('heart', { included: false }),
      row('clavicle'),
    ];
    expect(folderOptions('/data/images', rows)).toEqual({
      images: '/data/images',
      labels: { lung: '/data/lung', clavicle: '/data/clavicle' },
    });
  });

  it('of multi-valued masks become a legend', () => {
    const folder = '/data/masks';
    const options = (kind: Coded['kind']) => {
      const rows = [1, 4].map((number) => row(`s${number}`, { folder, coded: { kind, number } }));
      expect(codedAs(rows[1])).toBe(`, ${kind.slice(0, -1)} 4`);
      return folderOptions('/data/images', rows);
    };
    const names = { 1: 's1', 4: 's4' };
    const rest = { images: '/data/images', masks: folder };
    expect(options('values')).toEqual({ ...rest, legend: names });
    expect(options('bits')).toEqual({ ...rest, legend: { bits: names } });
    expect(options('pages')).toEqual({ ...rest, legend: { pages: names } });
    expect(codedAs(row('lung'))).toBe('');
  });

  it('have a problem if their name is wrong, unless they are left out', () => {
    const rows = [row('lung'), row('lung'), row(''), row('a/b'), row('', { included: false })];
    expect(rows.map((_, index) => rowProblem(rows, index) !== null)).toEqual([
      false,
      true,
      true,
      true,
      false,
    ]);
  });

  it('get a colour that no other has', () => {
    expect(freeColour([row('a'), row('b', { colour: COLOUR_CHOICES[2] })])).toBe(COLOUR_CHOICES[1]);
  });
});

describe('notices', () => {
  it('with the same reason are one group, and files left out come before changed files', () => {
    const groups = groupNotices([
      { kind: 'changed', file: 'c', reason: 'was resampled.' },
      { kind: 'left-out', file: 'a', reason: 'has no mask.' },
      { kind: 'changed', file: 'd', reason: 'was resampled.' },
      { kind: 'left-out', file: 'b', reason: 'is empty.' },
      { kind: 'left-out', file: 'e', reason: 'is empty.' },
    ]);
    expect(groups.map(({ kind, files }) => [kind, files.join()])).toEqual([
      ['left-out', 'b,e'],
      ['left-out', 'a'],
      ['changed', 'c,d'],
    ]);
  });
});

describe('the demo', () => {
  it('is at the step of the task in its progress', () => {
    const at = (task: Progress['task'] | null): string => {
      const progress = task && { task, message: '', done: 0, total: 0, secondsLeft: null };
      return DEMO_STEPS[demoStep({ progress } as Task)].title;
    };
    expect(at(null)).toMatch(/Draw/);
    expect(at('import')).toMatch(/Import/);
    expect(at('samples')).toBe(at('train'));
    expect(at('score')).toMatch(/Rank/);
  });
});
