/**
 * Decodes the images of the JSRT database: 2048 × 2048 pixels, 12 bits in big-endian 16-bit words, no
 * header, 0.175 mm per pixel. Their numbers are optical density (0 white … 4095 black). They are
 * inverted here, because larger is brighter everywhere in Overread.
 * Reference: Shiraishi et al., AJR 174:71-74, 2000.
 */
import { CodecError } from './raster.ts';
import type { Header, Raster } from './raster.ts';
import { JSRT_BYTES, JSRT_SIDE } from './sniff.ts';

const WHITE = 4095;
const MILLIMETRES = 0.175;

export const JSRT_HEADER: Header = {
  format: 'jsrt',
  width: JSRT_SIDE,
  height: JSRT_SIDE,
  bits: 12,
  channels: 1,
};

/** @throws CodecError when the bytes have another length or hold values above 4095. */
export function decodeJsrt(bytes: Buffer): Raster {
  if (bytes.length !== JSRT_BYTES) {
    throw new CodecError(`has ${bytes.length} bytes, ${JSRT_BYTES} expected of a JSRT original.`);
  }
  const data = new Uint16Array(JSRT_SIDE * JSRT_SIDE);
  for (let i = 0; i < data.length; i += 1) {
    const density = (bytes[2 * i] << 8) | bytes[2 * i + 1];
    if (density > WHITE) {
      throw new CodecError('is not a JSRT original: it holds values above 4095 (12 bits).');
    }
    data[i] = WHITE - density;
  }
  return { ...JSRT_HEADER, data, spacing: [MILLIMETRES, MILLIMETRES] };
}
