/** The size of compressed pixels, held against what their file's header says before they are decoded. */
import type { Samples } from './jpeg-lossless.ts';
import { CodecError } from './raster.ts';

/** What is said of compressed pixels that no decoder reads. */
export const BROKEN_PIXELS = 'is broken: its compressed pixels make no sense.';

/** Size of a picture, and how many samples a pixel has. */
export type Size = Pick<Samples, 'width' | 'height' | 'components'>;

/** @throws CodecError when compressed pixels are not of the size that their file's header says. */
export function assertSize(found: Size, wanted: Size): void {
  const { width, height, components } = found;
  if (width === wanted.width && height === wanted.height && components === wanted.components)
    return;
  throw new CodecError(
    `is broken: its compressed pixels are ${width} × ${height} × ${components}, ` +
      `its header says ${wanted.width} × ${wanted.height} × ${wanted.components}.`,
  );
}
