import { describe, expect, it } from 'vitest';
import { guessFormat, openDataset } from '../../../audit/datasets/registry.ts';
import { fixture } from '../codecs/expected.ts';

describe('guessing the format', () => {
  it.each([
    ['coco/dataset', 'coco'],
    ['cvat/dataset', 'cvat'],
    ['labelme/dataset', 'labelme'],
    ['labelstudio/dataset', 'labelstudio'],
    ['nnunet/v1', 'nnunet'],
    ['nnunet/v2', 'nnunet'],
    ['roboflow/dataset', 'roboflow'],
    ['voc/dataset', 'voc'],
    ['yolo/dataset', 'yolo'],
  ])('in %s is opened as %s', async (path, format) => {
    const listing = await openDataset(fixture(path));
    expect(listing.format).toBe(format);
    expect(listing.cases.length).toBeGreaterThan(0);
  });

  it('recognises a folder of DICOM images without looking at its masks', async () => {
    expect((await guessFormat(fixture('dicom/medium'))).format.name).toBe('dicom');
  });
});
