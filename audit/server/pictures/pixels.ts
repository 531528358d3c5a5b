/**
 * The pixels of the open project's cases: decoded images, smaller versions, and pictures for people.
 * The last images are kept in memory, pictures in the project's `cache/` folder.
 */
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { CaseSummary } from '../../contract/terms.ts';
import { readImageFile } from '../../codecs/index.ts';
import type { DecodedImage } from '../../codecs/index.ts';
import { resampleImage } from '../../imaging/resample.ts';
import type { GreyImage, Mask, WindowPreset } from '../../imaging/types.ts';
import type { ProjectReader } from '../../store/types.ts';
import { cacheOfBytes, sharedWork } from './caches.ts';
import { drawPicture, fittedSize } from './picture.ts';
import type { Outline } from './picture.ts';
import { Refusal } from '../http/respond.ts';
import { pictureVersion } from './picture-version.ts';

/** How many bytes of decoded images are kept: enough for the open case and the next ones. */
const CACHE_BYTES = 192 * 1024 * 1024;
const PROPOSAL_COLOUR = '#f5f5f5';

/** An image and the SHA-256 of its file, which may have changed since the import. */
type HashedImage = Pick<DecodedImage, 'image' | 'hash'>;

/** An image as the server sends it. `PIXEL_HEADERS` names the headers that hold its values. */
export interface RawImage {
  /** SHA-256 of the file that was read. */
  readonly hash: string;
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  /** Samples row by row, one or two bytes each, little-endian. */
  readonly bytes: Uint8Array;
  /** The smallest sample. */
  readonly minimum: number;
  /** The largest sample. */
  readonly maximum: number;
  /** Windows that the file proposes. */
  readonly windows: readonly WindowPreset[];
}

/** The model's proposal of a structure, or null if the model does not know the structure. */
export type ProposalOf = (structure: string) => Promise<Mask | null>;

const LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

function littleEndian(samples: Uint8Array | Uint16Array): Uint8Array {
  const bytes = new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
  if (LITTLE_ENDIAN || samples instanceof Uint8Array) return bytes;
  return Uint8Array.from(Buffer.from(bytes).swap16());
}

function rawOf(
  image: Pick<GreyImage, 'width' | 'height' | 'bits' | 'data' | 'windows'>,
  hash: string,
): RawImage {
  let minimum = Infinity;
  let maximum = 0;
  for (const value of image.data) {
    if (value < minimum) minimum = value;
    if (value > maximum) maximum = value;
  }
  const { width, height, bits, windows = [] } = image;
  return { hash, width, height, bits, bytes: littleEndian(image.data), minimum, maximum, windows };
}

export class Pixels {
  readonly #project: ProjectReader;
  readonly #images = cacheOfBytes<HashedImage>(CACHE_BYTES, ({ image }) => image.data.byteLength);
  readonly #smaller = cacheOfBytes<RawImage>(CACHE_BYTES / 4, ({ bytes }) => bytes.byteLength);
  readonly #decoding = sharedWork<HashedImage>(2);
  readonly #drawing = sharedWork<Uint8Array>(2);

  constructor(project: ProjectReader) {
    this.#project = project;
  }

  /**
   * The decoded image of a case.
   * @throws UnreadableFile when the file is missing or unreadable; Refusal (409) when the image's size
   *   changed since the import
   */
  async image(summary: CaseSummary): Promise<HashedImage> {
    const cached = this.#images.get(summary.imageHash);
    if (cached) return cached;
    return this.#decoding(summary.imageHash, async () => {
      const file = this.#project.imageFile(summary.id);
      const { image, hash } = await readImageFile(file);
      if (image.width !== summary.width || image.height !== summary.height) {
        throw new Refusal(
          409,
          `${file} is ${image.width} × ${image.height} pixels now, ${summary.width} × ` +
            `${summary.height} when it was imported: put the old file back.`,
          'no-image',
        );
      }
      const decoded = { image, hash };
      this.#images.set(summary.imageHash, decoded);
      return decoded;
    });
  }

  /**
   * The samples of the image file. If `size` is less than the image's longer side: 16-bit samples of the
   * image shrunk to a longer side of `size` pixels.
   */
  async raw(summary: CaseSummary, size?: number): Promise<RawImage> {
    const isSmaller = size !== undefined && size < Math.max(summary.width, summary.height);
    const key = `${summary.imageHash} ${isSmaller ? size : ''}`;
    const cached = this.#smaller.get(key);
    if (cached) return cached;
    const { image, hash } = await this.image(summary);
    if (!isSmaller) {
      const raw = rawOf(image, hash);
      // These samples share the memory of the decoded image, so the cache counts almost nothing for them.
      this.#smaller.set(key, raw, { size: 1024 });
      return raw;
    }
    const { width, height } = fittedSize(image, size);
    const data = resampleImage(image, width, height);
    const raw = rawOf({ width, height, bits: 16, data }, hash);
    this.#smaller.set(key, raw);
    return raw;
  }

  /**
   * A PNG of the case with the labels' outlines.
   * @param size longer side, in pixels
   * @param only the only structure to outline; default: all structures
   * @param proposal gives the proposals to outline too; a picture with proposals is not kept on disk
   */
  async picture(
    summary: CaseSummary,
    size: number,
    only?: string,
    proposal?: ProposalOf,
  ): Promise<Uint8Array> {
    const index = this.#project.structures.findIndex(({ name }) => name === only);
    const part = only === undefined ? 'all' : String(index);
    const name = `${pictureVersion(summary, this.#project.structures)}-${size}-${part}`;
    if (proposal) return this.#draw(summary, size, only, proposal);
    return this.#drawing(name, async () => {
      const folder = join(this.#project.folder, 'cache', 'pictures', name.slice(0, 2));
      const path = join(folder, `${name}.png`);
      const kept = await readFile(path).catch(() => null);
      if (kept) return kept;
      const picture = await this.#draw(summary, size, only);
      // The picture is shown even if it cannot be kept, as on a full disk or in a read-only folder.
      if (this.#project.isOwn) await keep(folder, path, picture).catch(() => undefined);
      return picture;
    });
  }

  async #draw(
    summary: CaseSummary,
    size: number,
    only?: string,
    proposal?: ProposalOf,
  ): Promise<Uint8Array> {
    const { image } = await this.image(summary);
    const outlines: Outline[] = [];
    for (const { name, colour } of this.#project.structures) {
      if (only !== undefined && only !== name) continue;
      const mask = await this.#project.mask(summary.id, name);
      if (mask) outlines.push({ mask, colour, dashed: false });
    }
    for (const { name } of proposal ? this.#project.structures : []) {
      if (only !== undefined && only !== name) continue;
      const mask = (await proposal?.(name)) ?? null;
      if (mask) outlines.push({ mask, colour: PROPOSAL_COLOUR, dashed: true });
    }
    return drawPicture(image, outlines, size);
  }
}

/** Writes a file whole or not at all. */
async function keep(folder: string, path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true });
  const temporary = `${path}.${process.pid}.part`;
  try {
    const file = await open(temporary, 'w');
    await file.writeFile(bytes).finally(() => file.close());
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
