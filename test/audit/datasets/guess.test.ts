import { describe, expect, it } from 'vitest';
import { guessFormat, openDataset } from '../../../audit/datasets/registry.ts';
import { fixture } from '../codecs/expected.ts';

describe('a dataset that nobody names the format of', () => {
  it.each([
    ['coco/dataset', 'coco'],
    ['cvat/dataset', 'cvat'],
    ['labelme/dataset', 'labelme'],
    ['labelstudio/dataset', 'labelstudio'],
    ['nnunet/v1', 'nnunet'],
    ['nnunet/v2', 'nnunet'],
    ['voc/dataset', 'voc'],
    ['yolo/dataset', 'yolo'],
  ])('in %s is opened as %s', async (path, format) => {
    const listing = await openDataset(fixture(path));
    expect(listing.format).toBe(format);
    expect(listing.cases.length).toBeGreaterThan(0);
  });

  it('of DICOM images is known before its masks are', async () => {
    expect((await guessFormat(fixture('dicom/medium'))).format.name).toBe('dicom');
  });
});
