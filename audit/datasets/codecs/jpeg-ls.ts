/**
 * JPEG-LS, as DICOM files hold it: lossless and near-lossless, 2 to 16 bits, planes apart or
 * interleaved. The packages for it are CharLS, which a broken file can keep busy for a minute.
 * Reference: ITU-T T.87, annexes A, C and F.
 */
import { losslessFrame, segments } from './jpeg-lossless.ts';
import type { Samples } from './jpeg-lossless.ts';
import { JpegLsBits } from './jpeg-ls-bits.ts';
import { JpegLsModel } from './jpeg-ls-model.ts';
import type { Coding } from './jpeg-ls-model.ts';
import { CodecError } from './raster.ts';

const BROKEN = 'is broken: its compressed pixels make no sense.';
const MARKER = { frame: 0xf7, parameters: 0xf8, restart: 0xdd, scan: 0xda, colours: 0xe8 };

/** How the planes of a scan lie: one alone, line after line, or pixel after pixel. */
type Interleaving = 'none' | 'line' | 'sample';
const INTERLEAVINGS: readonly Interleaving[] = ['none', 'line', 'sample'];

const unread = (what: string): CodecError =>
  new CodecError(`is a JPEG-LS ${what}, which is not read: save it uncompressed.`);

/** Given by the file instead of what follows from the depth; 0 where it is not. T.87, C.2.4.1.1. */
type Preset = Pick<Coding, 'maximum' | 'thresholds' | 'reset'>;

function presetOf(body: Uint8Array, known: Preset): Preset {
  // The sides of pictures of more than 65,535 pixels, which are refused.
  if (body[0] === 4) return known;
  if (body[0] !== 1 || body.length < 11) throw unread('with a table of values');
  const number = (at: number) => (body[at] << 8) | body[at + 1];
  return {
    maximum: number(1) || known.maximum,
    thresholds: [number(3), number(5), number(7)],
    reset: number(9) || known.reset,
  };
}

/** Lines of the planes that are decoded together, the last one and the one before. */
class Lines {
  readonly width: number;
  /** A sample before the first of a line, and one behind its last. */
  above: Int32Array[];
  now: Int32Array[];

  constructor(width: number, planes: number) {
    const line = () => new Int32Array(width + 2);
    this.width = width;
    this.above = Array.from({ length: planes }, line);
    this.now = Array.from({ length: planes }, line);
  }

  /** Goes on to the next line of a plane. Reference: T.87, A.2.1 (the edges). */
  begin(plane: number): void {
    [this.above[plane], this.now[plane]] = [this.now[plane], this.above[plane]];
    const above = this.above[plane];
    above[this.width + 1] = above[this.width];
    this.now[plane][0] = above[1];
  }
}

/** Decodes one scan into `data`, whose pixels have `components` samples, from `first` on. */
function decodeScan(
  model: JpegLsModel,
  how: Interleaving,
  size: { width: number; height: number },
  into: { data: Uint16Array; components: number; first: number; planes: number },
): void {
  const { width, height } = size;
  const { data, components, first, planes } = into;
  const lines = new Lines(width, planes);
  // Planes apart have a state of runs each. T.87, annex B.
  const runs = new Int32Array(planes);
  for (let y = 0; y < height; y += 1) {
    for (let plane = 0; plane < planes; plane += 1) lines.begin(plane);
    if (how === 'sample') {
      model.pixels(lines.above, lines.now, width, runs);
    } else {
      for (let plane = 0; plane < planes; plane += 1) {
        const parts = [lines.above[plane], lines.now[plane]] as const;
        model.line(...parts, width, runs, plane);
      }
    }
    for (let plane = 0; plane < planes; plane += 1) {
      const now = lines.now[plane];
      let at = y * width * components + first + plane;
      for (let x = 1; x <= width; x += 1, at += components) data[at] = now[x];
    }
  }
}

/** Where the marker after a scan's bits begins. */
function endOf(bytes: Uint8Array, from: number): number {
  for (let at = from; at + 1 < bytes.length; at += 1) {
    if (bytes[at] === 0xff && bytes[at + 1] >= 0x80) return at;
  }
  return bytes.length;
}

/**
 * Decodes a JPEG-LS picture, of which the size is known to be within bounds.
 * @throws CodecError when it is cut short, broken or of a kind that is not read.
 */
export function decodeJpegLs(bytes: Uint8Array): Samples {
  const { width, height, components, precision } = losslessFrame(bytes);
  if (precision < 2 || precision > 16 || components < 1) throw new CodecError(BROKEN);
  const data = new Uint16Array(width * height * components);
  const most = 2 ** precision - 1;
  let preset: Preset = { maximum: most, thresholds: [0, 0, 0], reset: 64 };
  let done = 0;
  for (let at = 2; done < components;) {
    for (const { marker, body, end } of segments(bytes, at)) {
      if (marker === MARKER.parameters) preset = presetOf(body, preset);
      else if (marker === MARKER.restart) throw unread('with restart intervals');
      // “mrfx” and the number of a transform.
      else if (marker === MARKER.colours && body[0] === 0x6d && body[4] > 0) {
        throw unread('of transformed colours');
      } else if (marker === MARKER.scan) {
        const planes = body[0];
        const [near, how, shift] = body.subarray(1 + 2 * planes);
        if (shift !== 0 || planes < 1 || done + planes > components || preset.maximum > most) {
          throw new CodecError(BROKEN);
        }
        const interleaving: Interleaving | undefined = INTERLEAVINGS[how];
        if (interleaving === undefined || (interleaving === 'none' && planes > 1)) {
          throw new CodecError(BROKEN);
        }
        const to = endOf(bytes, end);
        const bits = new JpegLsBits(bytes.subarray(end, to));
        const model = new JpegLsModel(bits, { ...preset, near });
        const into = { data, components, first: done, planes };
        decodeScan(model, interleaving, { width, height }, into);
        done += planes;
        at = to;
      }
    }
  }
  const narrow = precision <= 8 ? new Uint8Array(data) : data;
  return { width, height, components, data: narrow };
}
