import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportDataset } from '../../../../../audit/datasets/export/export.ts';
import { openDataset } from '../../../../../audit/datasets/registry.ts';
import type { ProjectWriter } from '../../../../../audit/store/types.ts';
import { drawn, imagePng, inProject, put, temporaryFolder } from '../../fixtures.ts';

/**
 * A file like the example in CVAT's manual: with subsets, attributes, a mask stored as runs within a
 * rectangle, and shapes that Overread does not read.
 */
const XML = [
  '\uFEFF<?xml version="1.0" encoding="utf-8"?>',
  '<!-- of a task with a < in a comment --><annotations>',
  '  <version>1.1</version>',
  '  <image id="0" name="one &amp; two.png" subset="train" width="24" height="16">',
  '    <mask label="left lung" source="semi-auto" occluded="0" rle="2, 3, 1, 4" left="4" top="5" width="5" height="2" z_order="3">',
  '      <attribute name="note">kept &lt;as it is&gt;</attribute>',
  '    </mask>',
  "    <polygon label='left lung' points='12,2;20,2;20,10;12,10' occluded='1' z_order='1'/>",
  '    <ellipse label="left lung" cx="5" cy="5" rx="2" ry="2"/>',
  '    <tag label="poor" source="manual"></tag>',
  '  </image>',
  '  <image id="1" name="deep/b.png" subset="val" width="24" height="16"/>',
  '  <image id="2" name="../../secret.png" width="24" height="16">',
  '    <polygon label="left lung" points="1,1;9,1;9,9"/>',
  '  </image>',
  '</annotations>',
  '',
].join('\r\n');

async function dataset(xml = XML): Promise<string> {
  const root = join(await temporaryFolder(), 'data');
  await put(join(root, 'annotations.xml'), xml);
  await put(join(root, 'images', 'train', 'one & two.png'), await imagePng(24, 16, 1));
  await put(join(root, 'images', 'deep', 'b.png'), await imagePng(24, 16, 2));
  await put(join(root, '..', 'secret.png'), await imagePng(24, 16, 3));
  return root;
}

async function exported(root: string, work: (project: ProjectWriter) => Promise<void>) {
  return inProject(root, async (project, out) => {
    await work(project);
    await exportDataset(project, out);
    return readFile(join(out, 'annotations.xml'), 'utf8');
  });
}

const by = { author: 'tester', reason: 'replace' };

describe('annotations of CVAT', () => {
  it('give images their split, and shapes that are not read give notices', async () => {
    const root = await dataset();
    const listing = await openDataset(root);
    expect(listing.cases.map(({ id, split }) => [id, split])).toEqual([
      ['train/one & two', 'train'],
    ]);
    const said = listing.notices.map(({ reason }) => reason);
    expect(said).toContain(
      'has 1 shape of the type “ellipse”, which is not read: Overread reads only polygons and masks.',
    );
    expect(said).toContain('names the image “../../secret.png”, which is outside of the dataset.');
    expect(said).toContain('has no outline.');
    const { mask } = await listing.cases[0].labels[0].read({ width: 24, height: 16 });
    expect(drawn(mask).split('\n').slice(5, 7)).toEqual([
      '......###...########....',
      '.....####...########....',
    ]);
  });

  it('keep attributes, order and line ends, and change only in the shape that was corrected', async () => {
    const text = await exported(await dataset(), async (project) => {
      const id = 'train/one & two';
      const mask = (await project.mask(id, 'left lung'))!;
      const data = mask.data.slice();
      data[5 * 24 + 6] = 0;
      data.fill(1, 15 * 24, 15 * 24 + 2);
      await project.addRevision(id, 'left lung', { ...mask, data }, by);
    });
    const wanted = XML.replace(
      'rle="2, 3, 1, 4" left="4" top="5" width="5" height="2"',
      'rle="2, 6" left="5" top="5" width="4" height="2"',
    ).replace(
      '<tag label="poor" source="manual"></tag>\r\n',
      '<tag label="poor" source="manual"></tag>\r\n' +
        '    <mask label="left lung" source="manual" occluded="0" rle="0, 2" left="0" top="15" width="2" height="1" z_order="0">\r\n' +
        '    </mask>\r\n',
    );
    expect(text).toBe(wanted);
  });

  it('lose only the shapes of an excluded label', async () => {
    const root = await dataset(
      XML.replace('cx="5"', 'cx="6"').replace(
        '<tag label',
        '<polygon label="heart" points="1,1;9,1;9,9"/><tag label',
      ),
    );
    const text = await exported(root, async (project) => {
      await Promise.resolve();
      project.setVerdict('train/one & two', 'left lung', 'excluded', { author: 'tester' });
    });
    expect(text).not.toContain('<mask');
    expect(text.match(/<polygon/g)).toHaveLength(2);
    expect(text).toContain('<ellipse label="left lung" cx="6"');
  });

  it('do not expand the entities that a file declares', async () => {
    const bomb = XML.replace(
      '<!-- of',
      '<!DOCTYPE a [<!ENTITY x "lol"><!ENTITY y "&x;&x;&x;">]><!-- of',
    ).replace('left lung', '&y;');
    await expect(openDataset(await dataset(bomb))).rejects.toThrow(/is no valid XML .*entity/);
  });

  it('are refused if they were drawn on an image of another size', async () => {
    const root = await dataset(XML.replaceAll('width="24"', 'width="48"'));
    const listing = await openDataset(root);
    const read = listing.cases[0].labels[0].read({ width: 24, height: 16 });
    await expect(read).rejects.toThrow(/was drawn on 48 × 16 pixels, but its image has 24 × 16/);
  });
});
