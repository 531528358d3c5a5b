/** Decodes the strokes of requests. */
import type { StrokeRequest } from '../../contract/api.ts';
import { decodeStroke } from '../../store/strokes.ts';
import type { DecodedStroke } from '../../store/types.ts';
import { Refusal } from '../http/respond.ts';

/** @throws Refusal (400) when the stroke leaves the image, or its runs do not fill its rectangle */
export function parseStroke(
  request: StrokeRequest,
  image: { width: number; height: number },
): DecodedStroke {
  const { x, y, width, height } = request;
  if (x + width > image.width || y + height > image.height) {
    throw new Refusal(400, 'The stroke leaves the image.');
  }
  const runs = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));
  const [before, after] = [runs(request.before), runs(request.after)];
  try {
    return decodeStroke({ x, y, width, height, before, after });
  } catch {
    throw new Refusal(400, 'The runs of the stroke do not fill its rectangle.');
  }
}
