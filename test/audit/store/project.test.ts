import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../../../audit/errors.ts';
import { createProject, openProject, openProjectForWriting } from '../../../audit/store/project.ts';
import { createIn, makeCase, makeMask, makePlace, structures } from './fixture.ts';
import type { Place } from './fixture.ts';

let place: Place;
beforeEach(() => {
  place = makePlace();
});
afterEach(() => place.remove());

describe('a project', () => {
  it('is read as it was written, while the writer has it open and after closing', async () => {
    const writer = await createIn(place);
    const cases = [1, 2, 3].map((n) => makeCase(place, n));
    await writer.addCases(cases);
    writer.addImportNotices([{ kind: 'left-out', file: 'x.png', reason: 'it is empty' }]);
    const reader = await openProject(place.project);
    for (const project of [writer, reader]) {
      expect(project.name).toBe('Thorax');
      expect(project.structures).toEqual(structures);
      expect(project.origin).toEqual({
        format: 'folders',
        root: place.dataset,
        options: {},
        layout: { a: 1 },
      });
      expect(project.counts).toMatchObject({ cases: 3, labels: 6 });
      expect(project.caseIds()).toEqual(['case 1', 'case 2', 'case 3']);
      expect(project.case('case 2')).toMatchObject({
        id: 'case 2',
        width: 16,
        bits: 12,
        spacing: [0.175, 0.175],
        split: null,
        verdict: null,
        labels: [
          { structure: 'lung', state: 'drawn', revision: 1, verdict: null, comment: null },
          { structure: 'heart', state: 'empty', revision: 1, area: 0 },
        ],
      });
      expect(project.case('nobody')).toBeNull();
      expect(project.imageFile('case 1')).toBe(cases[0]?.imageFile);
      expect(await project.mask('case 3', 'lung')).toEqual(cases[2]?.labels[0]?.mask);
      expect(project.importNotices()).toEqual([
        { kind: 'left-out', file: 'x.png', reason: 'it is empty' },
      ]);
      expect(project.revisions('case 1', 'lung')).toMatchObject([
        { number: 1, reason: 'import', sourceFile: cases[0]?.labels[0]?.sourceFile },
      ]);
    }
    writer.close();
    reader.close();
    const again = await openProject(place.project);
    expect(await again.verify({ images: true })).toEqual([]);
    expect(again.auditLog().map((row) => row.action)).toEqual(['create', 'import']);
    expect(again.auditLog()[1]?.detail).toMatchObject({ cases: 3, labels: 6 });
    again.close();
  });

  it('skips known cases, so that an import can be run again', async () => {
    const writer = await createIn(place);
    await writer.addCases([makeCase(place, 1)]);
    await writer.addCases([makeCase(place, 1), makeCase(place, 2), makeCase(place, 2)]);
    expect(writer.caseIds()).toEqual(['case 1', 'case 2']);
    writer.close();
  });

  it('lists and searches cases page by page, in import order', async () => {
    const writer = await createIn(place);
    await writer.addCases(Array.from({ length: 25 }, (_, n) => makeCase(place, n + 1, 4)));
    const ids = (query: Parameters<typeof writer.cases>[0]): string[] =>
      writer.cases(query).map((item) => item.id);
    expect(ids({ offset: 10, limit: 3 })).toEqual(['case 11', 'case 12', 'case 13']);
    expect(ids({ search: 'CASE 2', offset: 1, limit: 2 })).toEqual(['case 20', 'case 21']);
    expect(ids({ search: '%' })).toEqual([]);
    expect(ids({ offset: 25 })).toEqual([]);
    expect(ids({})).toHaveLength(25);
    writer.close();
  });

  it('works in a path with spaces, quotes and letters of any language', async () => {
    const odd = makePlace(`it's a "Brustkorb" 胸部 ?#%20.overread`);
    const writer = await createIn(odd);
    await writer.addCases([makeCase(odd, 1)]);
    writer.close();
    const reader = await openProject(odd.project);
    expect(await reader.verify({ images: true })).toEqual([]);
    reader.close();
    odd.remove();
  });

  it('is relinked to a dataset that was moved, with a row in the audit log', async () => {
    const writer = await createIn(place);
    await writer.addCases([makeCase(place, 1)]);
    const moved = path.join(place.folder, 'moved');
    renameSync(place.dataset, moved);
    expect(await writer.verify({ images: true })).toMatchObject([{ severity: 'error' }]);
    mkdirSync(path.join(place.folder, 'wrong'));
    expect(() => writer.relink(path.join(place.folder, 'wrong'), { author: 'Ada' })).toThrow(
      /does not hold the images/,
    );
    writer.relink(moved, { author: 'Ada' });
    expect(writer.imageFile('case 1')).toBe(path.join(moved, 'case 1.png'));
    expect(writer.origin.root).toBe(moved);
    expect(await writer.verify({ images: true })).toEqual([]);
    expect(writer.auditLog().at(-1)).toMatchObject({ author: 'Ada', action: 'relink' });
    writer.close();
  });
});

describe('an unusable folder', () => {
  const details = (root: string) => ({
    name: 'x',
    structures,
    origin: { format: 'folders', root, options: {}, layout: null },
  });

  it('cannot be opened, and is refused in one sentence', async () => {
    await expect(openProject(path.join(place.folder, 'none'))).rejects.toThrow(
      /There is no folder/,
    );
    await expect(openProject(place.dataset)).rejects.toThrow(/is not an Overread project/);
    writeFileSync(path.join(place.dataset, 'project.db'), 'not a database, only text '.repeat(99));
    await expect(openProject(place.dataset)).rejects.toThrow(UserError);
    await expect(openProjectForWriting(place.dataset, { purpose: 'test' })).rejects.toThrow(
      UserError,
    );
  });

  it('cannot become a project, and stays as it was', async () => {
    writeFileSync(path.join(place.dataset, 'image.png'), 'x');
    await expect(createProject(place.dataset, details('/elsewhere'))).rejects.toThrow(/not empty/);
    expect(readdirSync(place.dataset)).toEqual(['image.png']);
    await expect(createProject(place.folder, details(place.dataset))).rejects.toThrow(
      /lies inside the project folder/,
    );
    (await createIn(place)).close();
    await expect(createProject(place.project, details(place.dataset))).rejects.toThrow(
      /is a project already/,
    );
    const twice = { ...details(place.dataset), structures: [...structures, ...structures] };
    await expect(createProject(path.join(place.folder, 'new'), twice)).rejects.toThrow(/twice/);
    const file = path.join(place.dataset, 'image.png');
    await expect(createProject(file, details(place.folder))).rejects.toThrow(/is a file/);
  });

  it('can become a project after a creation that was killed or has failed', async () => {
    mkdirSync(path.join(place.project, 'labels'), { recursive: true });
    writeFileSync(path.join(place.project, 'project.db.new'), 'half a database');
    // The creation makes the folder and then fails, because a BigInt cannot be stored as JSON.
    const origin = { ...details(place.dataset).origin, options: { big: 1n } };
    await expect(
      createProject(place.project, { ...details(place.dataset), origin }),
    ).rejects.toThrow(/BigInt/);
    expect(readdirSync(place.project)).toEqual([]);
    (await createIn(place)).close();
    expect(existsSync(path.join(place.project, 'project.db'))).toBe(true);
  });
});

describe('revisions in a project', () => {
  it('are numbered, keep the old masks, and are not added for an equal mask', async () => {
    const writer = await createIn(place);
    await writer.addCases([makeCase(place, 1)]);
    const first = await writer.mask('case 1', 'lung');
    const second = makeMask(16, 16, 99);
    const by = { author: 'Ada', reason: 'replace' };
    expect(await writer.addRevision('case 1', 'lung', second, by)).toMatchObject({ number: 2 });
    expect(await writer.addRevision('case 1', 'lung', second, by)).toMatchObject({ number: 2 });
    expect(await writer.mask('case 1', 'lung')).toEqual(second);
    expect(await writer.mask('case 1', 'lung', 1)).toEqual(first);
    await expect(writer.mask('case 1', 'lung', 7)).rejects.toThrow(/no revision 7/);
    await expect(writer.addRevision('case 1', 'lung', makeMask(8, 8, 1), by)).rejects.toThrow(
      /8 × 8/,
    );
    await writer.addRevision('case 1', 'lung', null, by);
    expect(writer.case('case 1')?.labels[0]).toMatchObject({ state: 'absent', revision: 0 });
    expect(await writer.mask('case 1', 'lung')).toBeNull();
    expect(writer.revisions('case 1', 'lung').map((item) => item.area > 0)).toEqual([
      true,
      true,
      false,
    ]);
    expect(writer.auditLog().filter((row) => row.action === 'revision')).toHaveLength(2);
    expect(await writer.verify()).toEqual([]);
    writer.close();
  });
});
