import { cp, mkdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createFromDataset } from '../../../audit/datasets/import/create.ts';
import { openDataset } from '../../../audit/datasets/registry.ts';
import { foldersDataset, put, temporaryFolder } from './fixtures.ts';
import { fixture } from '../codecs/expected.ts';

describe('a dataset that a person names by one of its files', () => {
  it.each([
    ['coco/dataset/annotations/instances_train2017.json', 'coco', 'coco/dataset'],
    ['cvat/dataset/default.xml', 'cvat', 'cvat/dataset'],
    ['labelme/dataset/a.json', 'labelme', 'labelme/dataset'],
    ['labelstudio/dataset/project-1-at-2026-03-02.json', 'labelstudio', 'labelstudio/dataset'],
    ['nnunet/v2/dataset.json', 'nnunet', 'nnunet/v2'],
    ['yolo/dataset/data.yaml', 'yolo', 'yolo/dataset'],
    ['manifest/manifest.csv', 'manifest', 'manifest'],
    ['manifest/zstd.parquet', 'manifest', 'manifest'],
  ])('%s is opened as %s, of the folder %s', async (file, format, root) => {
    const listing = await openDataset(fixture(file));
    expect(listing).toMatchObject({ format, root: fixture(root) });
    expect(listing.cases.length).toBeGreaterThan(0);
  });

  it('has the format of that file, whatever other files lie beside it', async () => {
    const root = await temporaryFolder();
    for (const other of ['labelme', 'yolo']) {
      await cp(fixture(`${other}/dataset`), root, { recursive: true });
    }
    expect((await openDataset(join(root, 'a.json'))).format).toBe('labelme');
    expect((await openDataset(join(root, 'data.yaml'))).format).toBe('yolo');
  });

  it('may also be named by an image or a legend', async () => {
    const root = await temporaryFolder();
    await foldersDataset(root, 1);
    const notes = await put(join(root, 'notes.json'), '{}');
    expect(await openDataset(notes)).toMatchObject({ format: 'folders', root });
    await expect(openDataset(notes, {}, 'coco')).rejects.toThrow(`${root} has no COCO file`);
  });

  it('stores the named table in the project', async () => {
    const root = join(await temporaryFolder(), 'data');
    await mkdir(root);
    await cp(fixture('manifest/x'), join(root, 'x'), { recursive: true });
    const file = join(root, 'mine.csv');
    await cp(fixture('manifest/manifest.csv'), file);
    const listing = await openDataset(file, {}, 'manifest');
    expect(listing.options).toEqual({ manifest: file });
    const place = join(dirname(root), 'p.overread');
    const { project } = await createFromDataset(place, listing);
    expect(project.origin).toMatchObject({ root, options: { manifest: file } });
    expect(project.origin.layout).toMatchObject({ file: basename(file), named: true });
    project.close();
  });
});
