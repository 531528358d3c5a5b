import { describe, expect, it } from 'vitest';
import { CANCELLED, Cancelled, explain } from '../../../audit/cli/command.ts';
import { describeNotices } from '../../../audit/cli/commands/create.ts';
import { someVerdicts } from '../../../audit/cli/commands/rank.ts';
import { quoted } from '../../../audit/cli/terminal.ts';
import type { LabelSummary } from '../../../audit/contract/terms.ts';

describe('the words of the command line', () => {
  it.skipIf(process.platform === 'win32')('quote paths that a shell would split', () => {
    expect(quoted('/data/chest.overread')).toBe('/data/chest.overread');
    expect(quoted("/my data/d'été")).toBe(`'/my data/d'\\''été'`);
  });

  it('end a cancelled command with an exit code of its own', () => {
    expect(explain(new Cancelled('Cancelled: 2 of 3.'))).toEqual({
      message: 'Cancelled: 2 of 3.',
      exitCode: CANCELLED,
    });
  });

  it('give one line to files that were left out for the same reason', () => {
    const alike = Array.from({ length: 5 }, (_, i) => `/d/${i}.png`);
    const notices = [
      ...alike.map((file) => ({ kind: 'left-out' as const, file, reason: 'has no image.' })),
      { kind: 'left-out' as const, file: '/d/x', reason: 'is cut short.' },
    ];
    expect(describeNotices(notices)).toEqual([
      'Left out (6):',
      '  5 files, the first /d/0.png: each has no image.',
      '  /d/x is cut short.',
    ]);
  });

  it('name the verdict of one label, and the number of verdicts if there are several', () => {
    const label = (structure: string, verdict: LabelSummary['verdict'], state = 'drawn') =>
      ({ structure, verdict, state }) as LabelSummary;
    const open = label('heart', null);
    expect(someVerdicts([label('lung', null), open])).toBe('');
    expect(someVerdicts([label('lung', 'excluded'), open])).toBe('lung excluded');
    const two = [label('lung', 'excluded'), label('clavicle', 'accepted'), open];
    expect(someVerdicts([...two, label('aorta', null, 'absent')])).toBe('2 of 3');
  });
});
