/** Strokes as they come over the boundary. */
import type { StrokeRequest } from '../../contract/api.ts';
import { unpackRuns } from '../../contract/packing.ts';
import type { Stroke } from '../../store/types.ts';
import { Refusal } from '../http/respond.ts';

/** @throws Refusal (400) where it leaves the image, or its runs do not fill the rectangle. */
export function parseStroke(
  request: StrokeRequest,
  image: { width: number; height: number },
): Stroke {
  const { x, y, width, height } = request;
  if (x + width > image.width || y + height > image.height) {
    throw new Refusal(400, 'The stroke leaves the image.');
  }
  const pixels = width * height;
  const runs = (base64: string): Uint8Array => {
    const bytes = new Uint8Array(Buffer.from(base64, 'base64'));
    if (!unpackRuns(bytes, pixels)) {
      throw new Refusal(400, 'The runs of the stroke do not fill its rectangle.');
    }
    return bytes;
  };
  return { x, y, width, height, before: runs(request.before), after: runs(request.after) };
}
