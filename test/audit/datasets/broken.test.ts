/** Faults that fuzzing the fixtures (`npm run fuzz`) found, one of each kind. */
import { copyFile, cp, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UserError, oneLine } from '../../../audit/errors.ts';
import { readRaster } from '../../../audit/codecs/index.ts';
import { openDataset } from '../../../audit/datasets/registry.ts';
import { leftOut } from '../../../audit/datasets/import/notices.ts';
import { FIXTURES } from '../codecs/expected.ts';
import { foldersDataset, maskPng, put, rectangle, temporaryFolder } from './fixtures.ts';

describe('a broken file', () => {
  it('is quoted in one line, whatever it contains', () => {
    expect(oneLine('a\nb\u0000\u202ec')).toBe('a b c');
    expect(new UserError('x names “a\u2028b”.').message).toBe('x names “a b”.');
    expect(leftOut('a\tb.png', 'is\r\nbroken.')).toMatchObject({
      file: 'a b.png',
      reason: 'is broken.',
    });
    const long = oneLine(`names “${'no end '.repeat(1000)}” and ${'x'.repeat(9000)}.`);
    expect(long.length).toBeLessThan(400);
    expect(long).toMatch(/^names “no end .*…” and x+…x+\.$/);
  });

  it('of DICOM that is cut in its header gives a notice that a person understands', async () => {
    const root = await temporaryFolder();
    const bytes = await readFile(join(FIXTURES, 'dicom', 'implicit-little.dcm'));
    await put(join(root, 'images', 'a.dcm'), bytes.subarray(0, 344));
    await copyFile(join(FIXTURES, 'dicom', 'explicit-little.dcm'), join(root, 'images', 'b.dcm'));
    await put(
      join(root, 'lung', 'b.png'),
      await maskPng(rectangle(23, 17, { x: 1, y: 1, w: 5, h: 5 })),
    );
    const { cases, notices } = await openDataset(root);
    expect(cases.map(({ id }) => id)).toEqual(['b']);
    expect(notices.map(({ reason }) => reason)).toEqual([
      'is cut short or a broken DICOM file: copy it again.',
    ]);
  });

  it('that is a legend is named in the error', async () => {
    const root = await temporaryFolder();
    await foldersDataset(root, 1);
    await mkdir(join(root, 'masks'));
    await cp(join(root, 'lung'), join(root, 'masks'), { recursive: true });
    const file = await put(join(root, 'masks', 'legend.json'), '{"1": "../x"}');
    const options = { images: join(root, 'images'), masks: join(root, 'masks') };
    await expect(openDataset(root, options)).rejects.toThrow(
      `${file}: “../x” cannot name a structure: use up to 64 letters`,
    );
  });

  it('of labelme gives a notice that names the field, without the words of a library', async () => {
    const root = await temporaryFolder();
    await cp(join(FIXTURES, 'labelme', 'dataset'), root, { recursive: true });
    await put(join(root, 'a.json'), '{"imagePath": "a.png", "shapes": [{"points": []}]}');
    const { notices } = await openDataset(root, {}, 'labelme');
    expect(notices.map(({ reason }) => reason)).toContain(
      'is not a labelme file (“shapes.0.label” is missing or of the wrong kind): save it again.',
    );
  });

  it('of COCO with the same fault in many entries gives one notice', async () => {
    const root = await temporaryFolder();
    await cp(join(FIXTURES, 'coco', 'dataset'), root, { recursive: true });
    const file = join(root, 'annotations', 'instances_val2017.json');
    const given = JSON.parse(await readFile(file, 'utf8')) as { categories: unknown[] };
    const wrong = { ...given, categories: [...given.categories, ...Array<number>(900).fill(1)] };
    await put(file, JSON.stringify(wrong));
    const { notices } = await openDataset(root, {}, 'coco');
    const first = given.categories.length + 1;
    const said = notices.map(({ reason }) => reason).filter((reason) => /without id/.test(reason));
    expect(said).toEqual([
      `has categories without id or name (number ${first} and 899 more in its list).`,
    ]);
  });

  it('of YAML is refused if it is so long that parsing takes seconds', async () => {
    const root = await temporaryFolder();
    await cp(join(FIXTURES, 'yolo', 'dataset'), root, { recursive: true });
    await put(join(root, 'data.yaml'), `train: [${'1,'.repeat(200_000)}1]\nnames: [lung]\n`);
    await expect(openDataset(root, {}, 'yolo')).rejects.toThrow(/longer than 100 KB/);
  });

  it('that is a manifest may name impossible paths, which are treated as missing files', async () => {
    const root = await temporaryFolder();
    await foldersDataset(root, 1);
    await put(join(root, 'manifest.csv'), 'image,mask,structure\nimages/\0.png,lung/a.png,lung\n');
    const { cases } = await openDataset(root, {}, 'manifest');
    await expect(cases[0].readImage()).rejects.toThrow(/is not there any more/);
  });
});

describe('a JPEG whose scan does not fit its frame', () => {
  it('is refused without the words of its decoder', async () => {
    const root = await temporaryFolder();
    const bytes = Buffer.from(await readFile(join(FIXTURES, 'jpeg', 'grey.jpg')));
    // The scan names a component that the frame does not have.
    bytes[bytes.indexOf(Buffer.of(0xff, 0xda)) + 5] = 77;
    const file = await put(join(root, 'a.jpg'), bytes);
    await expect(readRaster(file)).rejects.toThrow(
      /a\.jpg is broken: its compressed pixels make no sense\.$/,
    );
  });
});
