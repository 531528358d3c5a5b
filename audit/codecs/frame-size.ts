/** Checks that compressed pixels have the size that the file's header states. */
import type { FrameSamples } from './jpeg-lossless.ts';
import { CodecError } from './raster.ts';

/** The size of a picture, and its samples per pixel. */
export type FrameSize = Pick<FrameSamples, 'width' | 'height' | 'components'>;

/** @throws CodecError when the compressed pixels have another size than the header states. */
export function assertSize(found: FrameSize, wanted: FrameSize): void {
  const { width, height, components } = found;
  if (width === wanted.width && height === wanted.height && components === wanted.components)
    return;
  throw new CodecError(
    `is broken: its compressed pixels are ${width} × ${height} × ${components}, ` +
      `its header says ${wanted.width} × ${wanted.height} × ${wanted.components}.`,
  );
}
