/**
 * The planes of a JPEG of 8 bits, baseline or progressive. The package that exists for it is off by
 * up to four, and takes 2 GB for a small file that claims to be large. Reference: ITU-T T.81.
 */
import { Bits, readTables } from './huffman.ts';
import type { Table } from './huffman.ts';
import type { Plane } from './jpeg-colour.ts';
import { inverse } from './jpeg-idct.ts';
import { ScanDecoder, ZIGZAG } from './jpeg-scan.ts';
import type { Coded } from './jpeg-scan.ts';
import { CodecError } from './raster.ts';

const BROKEN = 'is broken: its compressed pixels make no sense.';
const CUT = 'is cut short: copy it again.';
const MARKER = { tables: 0xc4, end: 0xd9, scan: 0xda, steps: 0xdb, restart: 0xdd };
const BLOCK = 64;

interface Component {
  readonly id: number;
  readonly across: number;
  readonly down: number;
  readonly slot: number;
  /** Samples of the picture. */
  readonly width: number;
  readonly height: number;
  /** Blocks, up to whole units of all components. */
  readonly wide: number;
  readonly high: number;
  readonly samples: Uint8ClampedArray;
  /** Of a progressive picture, all there are; else of one block. */
  readonly coefficients: Int16Array;
  steps: Uint16Array | null;
}

interface Frame {
  readonly isProgressive: boolean;
  readonly components: readonly Component[];
  readonly unitsWide: number;
  readonly unitsHigh: number;
}

/** @param bits of the whole file: no block takes less than one, so that no small file is a large picture. */
function frameOf(marker: number, body: Uint8Array, bits: number): Frame {
  const isProgressive = marker === 0xc2;
  const height = (body[1] << 8) | body[2];
  const width = (body[3] << 8) | body[4];
  const kinds = Array.from({ length: body[5] }, (_, i) => {
    const [id, sampling, slot] = body.subarray(6 + 3 * i, 9 + 3 * i);
    return { id, across: sampling >> 4, down: sampling & 15, slot };
  });
  if (body.length < 6 + 3 * kinds.length) throw new CodecError(BROKEN);
  if (kinds.some(({ across, down }) => across < 1 || across > 4 || down < 1 || down > 4)) {
    throw new CodecError(BROKEN);
  }
  const most = (side: 'across' | 'down') => Math.max(...kinds.map((kind) => kind[side]));
  const [mostAcross, mostDown] = [most('across'), most('down')];
  if (kinds.some(({ across, down }) => mostAcross % across !== 0 || mostDown % down !== 0)) {
    throw new CodecError('is a JPEG with planes of odd sizes, which is not read: save it as PNG.');
  }
  const unitsWide = Math.ceil(width / (8 * mostAcross));
  const unitsHigh = Math.ceil(height / (8 * mostDown));
  const blocks = kinds.reduce((sum, { across, down }) => sum + across * down, 0);
  // Units that stick out at the edges need not be there where planes come one by one.
  if ((unitsWide - 1) * (unitsHigh - 1) * blocks > bits) throw new CodecError(CUT);
  const components = kinds.map((kind): Component => {
    const [wide, high] = [unitsWide * kind.across, unitsHigh * kind.down];
    return {
      ...kind,
      width: Math.ceil((width * kind.across) / mostAcross),
      height: Math.ceil((height * kind.down) / mostDown),
      wide,
      high,
      samples: new Uint8ClampedArray(wide * high * BLOCK),
      coefficients: new Int16Array(isProgressive ? wide * high * BLOCK : BLOCK),
      steps: null,
    };
  });
  return { isProgressive, components, unitsWide, unitsHigh };
}

function readSteps(body: Uint8Array, slots: (Uint16Array | undefined)[]): void {
  for (let at = 0; at < body.length;) {
    const size = body[at] >> 4 === 0 ? 1 : 2;
    const slot = body[at] & 15;
    if (at + 1 + BLOCK * size > body.length) throw new CodecError(BROKEN);
    const steps = new Uint16Array(BLOCK);
    for (let i = 0; i < BLOCK; i += 1) {
      const from = at + 1 + i * size;
      steps[ZIGZAG[i]] = size === 1 ? body[from] : (body[from] << 8) | body[from + 1];
    }
    slots[slot] = steps;
    at += 1 + BLOCK * size;
  }
}

interface Tables {
  readonly codes: (Table | undefined)[];
  readonly steps: (Uint16Array | undefined)[];
  /** Units after which the bits begin anew; 0 is never. */
  interval: number;
}

function write(component: Component, block: number, at: number): void {
  const { wide, samples, coefficients, steps } = component;
  const to = Math.floor(block / wide) * wide * BLOCK + (block % wide) * 8;
  inverse(coefficients, at, steps!, samples, to, wide * 8);
}

/** A component in a scan. */
interface Scanned {
  readonly component: Component;
  readonly coded: Coded;
}

function readBlock(frame: Frame, scan: ScanDecoder, { component, coded }: Scanned, block: number) {
  const { coefficients } = component;
  const at = frame.isProgressive ? block * BLOCK : 0;
  if (!frame.isProgressive) coefficients.fill(0);
  scan.block(coefficients, at, coded);
  if (!frame.isProgressive) write(component, block, at);
}

function scanned(frame: Frame, body: Uint8Array, tables: Tables): Scanned[] {
  const found = Array.from({ length: body[0] }, (_, i) => {
    const [id, slots] = body.subarray(1 + 2 * i, 3 + 2 * i);
    const component = frame.components.find((one) => one.id === id);
    if (component === undefined) throw new CodecError(BROKEN);
    component.steps ??= tables.steps[component.slot] ?? null;
    if (component.steps === null) throw new CodecError(BROKEN);
    const [dc, ac] = [tables.codes[slots >> 4], tables.codes[16 + (slots & 15)]];
    return { component, coded: { dc, ac, before: 0 } };
  });
  if (found.length === 0) throw new CodecError(BROKEN);
  return found;
}

/** Reads a scan. @returns where the marker behind it begins */
function readScan(
  frame: Frame,
  body: Uint8Array,
  tables: Tables,
  bytes: Uint8Array,
  from: number,
): number {
  const parts = scanned(frame, body, tables);
  const [first, last, bits] = body.subarray(1 + 2 * parts.length);
  const part = { first, last, high: bits >> 4, low: bits & 15 };
  const scan = new ScanDecoder(new Bits(bytes, from), part, frame.isProgressive);
  const { component } = parts[0];
  const isAlone = parts.length === 1;
  // Alone, a component has the blocks that the picture needs, and no more.
  const unitsWide = isAlone ? Math.ceil(component.width / 8) : frame.unitsWide;
  const unitsHigh = isAlone ? Math.ceil(component.height / 8) : frame.unitsHigh;
  for (let unit = 0; unit < unitsWide * unitsHigh; unit += 1) {
    if (tables.interval > 0 && unit > 0 && unit % tables.interval === 0) {
      scan.restart();
      for (const { coded } of parts) coded.before = 0;
    }
    const [x, y] = [unit % unitsWide, Math.floor(unit / unitsWide)];
    if (isAlone) {
      readBlock(frame, scan, parts[0], y * component.wide + x);
      continue;
    }
    for (const one of parts) {
      const { across, down, wide } = one.component;
      for (let i = 0; i < across * down; i += 1) {
        const row = y * down + Math.floor(i / across);
        readBlock(frame, scan, one, row * wide + x * across + (i % across));
      }
    }
  }
  return scan.bits.end();
}

/**
 * The planes of a JPEG whose header was read and is within bounds.
 * @throws CodecError when it is cut short or broken.
 */
export function readPlanes(bytes: Uint8Array): Plane[] {
  const tables: Tables = { codes: [], steps: [], interval: 0 };
  let frame: Frame | null = null;
  for (let at = 2; ;) {
    while (bytes[at] === 0xff && bytes[at + 1] === 0xff) at += 1;
    const marker = bytes[at + 1];
    if (marker === MARKER.end || at + 4 > bytes.length) break;
    const end = at + 2 + ((bytes[at + 2] << 8) | bytes[at + 3]);
    if (bytes[at] !== 0xff || end < at + 4 || end > bytes.length) throw new CodecError(BROKEN);
    const body = bytes.subarray(at + 4, end);
    at = end;
    if (marker === MARKER.tables) readTables(body, tables.codes, 255);
    else if (marker === MARKER.steps) readSteps(body, tables.steps);
    else if (marker === MARKER.restart) tables.interval = (body[0] << 8) | body[1];
    else if (marker >= 0xc0 && marker <= 0xc2) {
      if (frame !== null) throw new CodecError(BROKEN);
      frame = frameOf(marker, body, bytes.length * 8);
    } else if (marker === MARKER.scan) {
      if (frame === null) throw new CodecError(BROKEN);
      at = readScan(frame, body, tables, bytes, end);
    }
  }
  if (frame === null || frame.components.some(({ steps }) => steps === null)) {
    throw new CodecError(CUT);
  }
  const { isProgressive, components } = frame;
  const across = Math.max(...components.map((one) => one.across));
  const down = Math.max(...components.map((one) => one.down));
  return components.map((one) => {
    if (isProgressive) {
      for (let block = 0; block < one.wide * one.high; block += 1) {
        write(one, block, block * BLOCK);
      }
    }
    const { samples: data, width, height, wide } = one;
    return {
      data,
      stride: wide * 8,
      width,
      height,
      across: across / one.across,
      down: down / one.down,
    };
  });
}
