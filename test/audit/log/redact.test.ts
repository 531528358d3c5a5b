import { homedir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../../audit/errors.ts';
import { Redactor } from '../../../audit/log/redact.ts';

const places = { project: '/data/Zaphod chest.overread', dataset: '/data/Zaphod chest' };
const redactor = new Redactor(() => places);

describe('a logged text', () => {
  it.each([
    [`${places.dataset}/img/0042.png: the file is empty.`, '[dataset]/… the file is empty.'],
    [`${places.project}/project.db is locked`, '[project]/… is locked'],
    [`Cannot read ${join(homedir(), 'x ray', 'a.dcm')}`, 'Cannot read [home]/…'],
    [`Cannot read /srv/Beeblebrox/a.dcm`, 'Cannot read [path]'],
    [`Cannot read C:\\Users\\Zaphod\\a.dcm`, 'Cannot read [path]'],
    [`Cannot read \\\\server\\Zaphod\\a.dcm`, 'Cannot read [path]'],
    [`Cannot read file:///srv/Zaphod/a.dcm`, 'Cannot read [path]'],
    [
      `ENOENT: no such file or directory, open '/a b/Zaphod.png'`,
      '…: no such file or directory, open …',
    ],
    [`“left lung” has no label`, '… has no label'],
    [`Zaphod_0042: 512 x 512 pixels, expected 256`, '…: … pixels, expected …'],
    [`images/zaphod.png and 0042.png differ`, '… and … differ'],
    [
      "Cannot read properties of undefined (reading 'zaphod')",
      'Cannot read properties of undefined (reading …)',
    ],
    [
      `Unexpected token 'Z', "Zaphod, P" is not valid JSON`,
      'Unexpected token …, … is not valid JSON',
    ],
    ['Ζαφόδ Бібл 田中 is missing', '… is missing'],
  ])('%s', (text, kept) => {
    expect(redactor.text(text)).toBe(kept);
  });

  it('keeps only words that the redactor knows', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9]{1,3}Zq[A-Za-z0-9]{1,6}$/);
    const around = fc.constantFrom(
      ' ',
      '/',
      '-',
      '_',
      '.',
      '"',
      "'",
      '“',
      '”',
      '(',
      ')',
      ':',
      '\n',
      '\\',
      ', ',
    );
    const text = fc.array(fc.tuple(fc.constantFrom('file', 'the', 'is'), around, secret, around));
    fc.assert(
      fc.property(text, (parts) => {
        expect(redactor.text(parts.flat().join(''))).not.toMatch(/Zq/);
      }),
    );
  });
});

describe('a logged error', () => {
  it('has its kind, its error code and its stack, and so have its causes', () => {
    const cause = Object.assign(new TypeError('Zaphod\n    at Zaphod (/srv/Zaphod/a.js:1:2)'), {
      code: 'ENOENT',
    });
    const record = redactor.error(new UserError('Zaphod: cannot be read.', { cause }));
    expect(record).toMatchObject({
      kind: 'UserError',
      message: '…: cannot be read.',
      cause: { kind: 'TypeError', code: 'ENOENT' },
    });
    expect(record.at[0]).toMatch(/^test\/audit\/log\/redact\.test\.ts:\d+:\d+$/);
    expect(JSON.stringify(record)).not.toMatch(/Zaphod/);
  });

  it('may be any thrown value', () => {
    expect(redactor.error('Zaphod')).toEqual({ kind: 'string', message: '…', at: [] });
  });
});

describe('logged facts', () => {
  it('are only numbers, and words that the code itself contains', () => {
    const facts = {
      task: 'import',
      route: '/api/cases/:id',
      ms: 12,
      counts: { cases: 3, folder: '/srv/Zaphod', warnings: ['Zaphod'] },
      folder: 'Zaphod',
      case: { id: 'Zaphod' },
      signal: 'Zaphod “x”',
    };
    expect(redactor.record(facts)).toEqual({
      task: 'import',
      route: '/api/cases/:id',
      ms: 12,
      counts: { cases: 3 },
      folder: '…',
      case: '…',
      signal: '…',
    });
  });

  it('keep the lines of Overread’s code in the output of a program', () => {
    const { stack = '' } = new Error('Zaphod is missing');
    const { tail } = redactor.record({ tail: stack });
    expect(tail).toEqual(
      expect.arrayContaining([expect.stringMatching(/redact\.test\.ts:\d+:\d+$/)]),
    );
    expect(JSON.stringify(tail)).not.toMatch(/Zaphod/);
  });

  it('are not shortened if the person asks for a full log', () => {
    const open = new Redactor(() => places, true);
    const text = `${places.dataset}/Zaphod.png: the file is empty.`;
    expect(open.text(text)).toBe(text);
  });
});
