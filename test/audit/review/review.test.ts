import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodePng } from '../../../audit/codecs/png.ts';
import { resolveAuthor } from '../../../audit/review/author.ts';
import { replaceLabel } from '../../../audit/review/replace.ts';
import { giveVerdict, undoVerdict } from '../../../audit/review/verdicts.ts';
import { createProject } from '../../../audit/store/project.ts';
import type { ProjectWriter } from '../../../audit/store/types.ts';

let folder = '';
let project: ProjectWriter;
const author = 'Ann';

/** A square of ones in the corner of an 8 × 8 mask. */
function square(side: number, size = 8) {
  const data = new Uint8Array(size * size);
  for (let y = 0; y < side; y += 1) data.fill(1, y * size, y * size + side);
  return { width: size, height: size, data };
}

async function pngFile(name: string, data: Uint8Array, width: number): Promise<string> {
  const file = join(folder, name);
  const bytes = await encodePng({ width, height: data.length / width, bits: 8, data });
  await writeFile(file, bytes);
  return file;
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'overread-review-'));
  project = await createProject(join(folder, 'p.overread'), {
    name: 'p',
    structures: [
      { name: 'lung', colour: '#00ff00' },
      { name: 'heart', colour: '#ff0000' },
      { name: 'clavicle', colour: '#0000ff' },
    ],
    origin: { format: 'folders', root: join(folder, 'data'), options: {}, layout: null },
  });
  await project.addCases([
    {
      id: 'a',
      imageFile: join(folder, 'data', 'a.png'),
      imageHash: '0'.repeat(64),
      image: { width: 8, height: 8, bits: 8 },
      split: null,
      annotator: null,
      labels: [
        { structure: 'lung', mask: square(3), sourceFile: join(folder, 'data', 'lung.png') },
      ],
    },
    {
      id: 'b',
      imageFile: join(folder, 'data', 'b.png'),
      imageHash: '1'.repeat(64),
      image: { width: 8, height: 8, bits: 8 },
      split: null,
      annotator: null,
      labels: ['lung', 'heart', 'clavicle'].map((structure) => ({
        structure,
        mask: square(3),
        sourceFile: join(folder, 'data', `${structure}.png`),
      })),
    },
  ]);
});
afterEach(() => {
  project.close();
  rmSync(folder, { recursive: true, force: true });
});

const verdictOf = (structure: string) =>
  project.case('a')?.labels.find((label) => label.structure === structure)?.verdict;

describe('a verdict', () => {
  it('is given to one label or to all present labels of a case', () => {
    giveVerdict(project, { case: 'a', structure: 'lung', verdict: 'accepted', author });
    expect(verdictOf('lung')).toBe('accepted');
    const whole = { case: 'a', structure: null, author };
    const excluded = giveVerdict(project, {
      ...whole,
      verdict: 'excluded',
      comment: 'not a chest',
    });
    expect(excluded.verdict).toBe('excluded');
    expect(verdictOf('heart')).toBeNull();
    giveVerdict(project, { ...whole, verdict: null });
    expect(verdictOf('lung')).toBeNull();
  });

  it('is undone, and a second undo restores it', () => {
    giveVerdict(project, { case: 'a', structure: 'lung', verdict: 'flagged', author });
    giveVerdict(project, { case: 'a', structure: 'lung', verdict: 'accepted', author });
    undoVerdict(project, 'a', { author });
    expect(verdictOf('lung')).toBe('flagged');
    undoVerdict(project, 'a', { author });
    expect(verdictOf('lung')).toBe('accepted');
  });

  it('on several labels is undone on all of them, and given again on all of them', () => {
    const all = { case: 'a', structure: null, author };
    giveVerdict(project, { case: 'a', structure: 'lung', verdict: 'flagged', author });
    for (const structure of ['heart', 'clavicle']) {
      project.setVerdict('b', structure, 'accepted', { author, step: 'one step' });
    }
    giveVerdict(project, { ...all, verdict: 'excluded' });
    giveVerdict(project, { ...all, case: 'b', verdict: 'excluded' });
    const verdicts = () => project.case('b')?.labels.map(({ verdict }) => verdict);
    const before = [null, 'accepted', 'accepted'];
    expect(undoVerdict(project, 'b', { author }).labels.map(({ verdict }) => verdict)).toEqual(
      before,
    );
    undoVerdict(project, 'b', { author });
    expect(verdicts()).toEqual(['excluded', 'excluded', 'excluded']);
    undoVerdict(project, 'b', { author });
    expect(verdicts()).toEqual(before);
    expect(verdictOf('lung')).toBe('excluded');
  });

  it('of several rows of the log is undone as one step', () => {
    for (const structure of ['heart', 'clavicle']) {
      project.setVerdict('b', structure, 'fixed', { author, step: 'one step' });
    }
    undoVerdict(project, 'b', { author });
    expect(project.case('b')?.labels.map(({ verdict }) => verdict)).toEqual([null, null, null]);
  });

  it('“fixed” is given only to a label that was changed', async () => {
    const fix = (structure: string | null) => () =>
      giveVerdict(project, { case: 'b', structure, verdict: 'fixed', author });
    expect(fix('heart')).toThrow('The label "heart" of "b" is the imported one: accept it');
    expect(fix(null)).toThrow('No label of "b" differs from the imported one');
    await project.addRevision('b', 'heart', square(2), { author, reason: 'stroke' });
    expect(fix(null)().labels.map(({ verdict }) => verdict)).toEqual([null, 'fixed', null]);
    expect(undoVerdict(project, 'b', { author }).labels[1].verdict).toBe(null);
  });

  it('on a missing case, structure or label is refused with a hint', () => {
    const give = (id: string, structure: string | null) => () =>
      giveVerdict(project, { case: id, structure, verdict: 'accepted', author });
    expect(give('c', null)).toThrow(/no case "c"/);
    expect(give('a', 'liver')).toThrow(/it has lung, heart, clavicle/);
    expect(give('a', 'heart')).toThrow(/no label of "heart"/);
    expect(() => undoVerdict(project, 'a', { author })).toThrow(/nothing to undo/);
  });
});

describe('a label replaced by a mask from a file', () => {
  it('has the resampled mask as its newest revision, and the verdict “fixed”', async () => {
    const big = square(10, 16);
    const file = await pngFile('big.png', big.data, 16);
    const request = { case: 'a', structure: 'lung', file, author, comment: 'redrawn' };
    const { revision, notes } = await replaceLabel(project, request);
    expect(revision).toMatchObject({ number: 2, area: 25, author, reason: 'replace' });
    expect(notes.join(' ')).toContain('resampled');
    expect(verdictOf('lung')).toBe('fixed');
    expect((await project.mask('a', 'lung'))?.data).toEqual(square(5).data);
    // The first revision still has its mask.
    expect((await project.mask('a', 'lung', 1))?.data).toEqual(square(3).data);
  });

  it('loses its verdict when it has the imported mask again', async () => {
    const replace = async (side: number) =>
      replaceLabel(project, {
        case: 'a',
        structure: 'lung',
        file: await pngFile('lung.png', square(side).data, 8),
        author,
      });
    await replace(5);
    expect(verdictOf('lung')).toBe('fixed');
    const { notes } = await replace(3);
    expect(notes.join(' ')).toContain('is the imported mask: the label has no verdict now');
    expect(verdictOf('lung')).toBe(null);
  });

  it('may have been absent', async () => {
    const file = await pngFile('heart.png', square(2).data, 8);
    const { revision } = await replaceLabel(project, {
      case: 'a',
      structure: 'heart',
      file,
      author,
    });
    expect(revision).toMatchObject({ number: 1, area: 4 });
    expect(verdictOf('heart')).toBe('fixed');
  });

  it('may get one value of a multi-valued mask', async () => {
    const data = new Uint8Array(64);
    data.set([1, 1, 2, 2, 2, 3]);
    const file = await pngFile('all.png', data, 8);
    const request = { case: 'a', structure: 'lung', file, author };
    await expect(replaceLabel(project, request)).rejects.toThrow(/multi-valued/);
    const { revision } = await replaceLabel(project, { ...request, value: 2 });
    expect(revision.area).toBe(3);
  });

  it('stays as it is if the mask is the same, with a note', async () => {
    const file = await pngFile('same.png', square(3).data, 8);
    const request = { case: 'a', structure: 'lung', file, author };
    const { revision, notes } = await replaceLabel(project, request);
    expect(revision.number).toBe(1);
    expect(notes.join(' ')).toContain('nothing was changed');
    expect(verdictOf('lung')).toBeNull();
  });

  it('is refused if the mask has another aspect ratio', async () => {
    const file = await pngFile('oblong.png', new Uint8Array(32), 8);
    const request = { case: 'a', structure: 'lung', file, author };
    await expect(replaceLabel(project, request)).rejects.toThrow(
      /oblong\.png .*another aspect ratio: give a mask of 8 × 8/,
    );
  });

  it('is refused if the file does not exist', async () => {
    const request = { case: 'a', structure: 'lung', file: '/no/such.png', author };
    await expect(replaceLabel(project, request)).rejects.toThrow('There is no file /no/such.png');
  });
});

describe('the author of a change', () => {
  it('is the given name, else the name in the environment, else the account', () => {
    expect(resolveAuthor('Bo', { OVERREAD_AUTHOR: 'Cy' })).toBe('Bo');
    expect(resolveAuthor(undefined, { OVERREAD_AUTHOR: 'Cy' })).toBe('Cy');
    expect(resolveAuthor(undefined, {})).not.toBe('');
    expect(() => resolveAuthor('', {})).toThrow(/author/);
    expect(() => resolveAuthor('a\nb', {})).toThrow(/author/);
  });
});
