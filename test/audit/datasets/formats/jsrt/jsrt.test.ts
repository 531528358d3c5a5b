import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { jsrtReader } from '../../../../../audit/datasets/formats/jsrt/reader.ts';
import { area } from '../../../../../audit/imaging/measure.ts';
import { jsrtDataset, put, scrMask, temporaryFolder } from '../../fixtures.ts';

const SIZE = { width: 2048, height: 2048 };

describe('a dataset of JSRT images with SCR masks', () => {
  it('joins left and right, and resamples the masks to the images with a note', async () => {
    const root = await temporaryFolder();
    await jsrtDataset(root);
    expect((await jsrtReader.guess(root))?.confidence).toBeGreaterThan(0.9);
    const listing = await jsrtReader.open(root, {});
    expect(listing.structures.map(({ name }) => name)).toEqual(['lung', 'heart', 'clavicle']);
    const [first, second] = listing.cases;
    expect([first.id, first.split, second.id, second.split]).toEqual([
      'JPCLN001',
      'fold1',
      'JPCNN002',
      'fold2',
    ]);
    const { image } = await first.readImage();
    expect(image).toMatchObject({ ...SIZE, bits: 12, spacing: [0.175, 0.175] });
    expect([image.data[0], image.data[16]]).toEqual([4095, 4094]);
    const { mask, notice } = await first.labels[0].read(image);
    expect(area(mask)).toBe(2 * 400 * 600);
    expect(notice?.reason).toBe('is 1024 × 1024, its image 2048 × 2048: resampled.');
  });

  it('leaves a label out if one side is missing', async () => {
    const root = await temporaryFolder();
    await jsrtDataset(root);
    const { cases, notices } = await jsrtReader.open(root, { sides: 'joined' });
    expect(cases[1].labels.map(({ structure }) => structure)).toEqual(['heart']);
    expect(notices.map(({ reason }) => reason)).toEqual([
      'has no mask of the other side: no “lung” for JPCNN002.',
    ]);
  });

  it('keeps the sides apart when asked to', async () => {
    const root = await temporaryFolder();
    await jsrtDataset(root);
    const listing = await jsrtReader.open(root, { sides: 'apart' });
    expect(listing.structures.map(({ name }) => name)).toEqual([
      'left lung',
      'right lung',
      'heart',
      'left clavicle',
      'right clavicle',
    ]);
    const [left] = listing.cases[0].labels;
    const { mask } = await left.read(SIZE);
    expect([mask.data[600 * 2048 + 1199], mask.data[600 * 2048 + 1200]]).toEqual([0, 1]);
  });

  it('lists masks without an image, and images that are not JSRT originals', async () => {
    const root = await temporaryFolder();
    await jsrtDataset(root);
    await put(join(root, 'All247images', 'JPCNN003.IMG'), 'short');
    await put(join(root, 'scratch', 'fold1', 'masks', 'heart', 'JPCNN003.gif'), scrMask(1));
    await put(join(root, 'scratch', 'fold1', 'masks', 'heart', 'JPCNN009.gif'), scrMask(1));
    const { cases, notices } = await jsrtReader.open(root, {});
    expect(notices.map(({ reason }) => reason)).toContain('has no image of its name.');
    await expect(cases[2].readImage()).rejects.toThrow(/5 bytes, 8388608/);
  });
});
