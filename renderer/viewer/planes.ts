/**
 * Masks on the graphics processor, in an array texture: its layers are the structures, its levels those of
 * the pyramid. A value is the drawn share of a block: 0 is none, 255 all. A level is uploaded when the view
 * first needs it. Later changes upload only their rectangle.
 */
import type { MaskPlane } from '../drawing/label.svelte.ts';
import { halved, LEVELS, sizeAt } from '../drawing/pyramid.ts';
import { uniteRects, wholeOf } from '../drawing/rect.ts';
import type { Rect } from '../drawing/types.ts';
import { blocksOf } from './blocks.ts';
import type { Blocks, Grid } from './blocks.ts';
import { clampTo, showLevel, unpackRows } from './gl.ts';

interface Layer {
  plane: MaskPlane | null;
  /** For each level the rectangle to upload, in pixels of the level; null if there is nothing to upload. */
  stale: (Rect | null)[];
  /** The blocks of the level used last; null until they are needed. */
  blocks: { readonly level: number; readonly found: Blocks } | null;
}

/** A length padded to a multiple of 2 ** LEVELS, so that halving it for each level leaves no remainder. */
export const padded = (length: number): number => Math.ceil(length / 2 ** LEVELS) * 2 ** LEVELS;

/**
 * Copies a rectangle of a mask with 255 in place of 1, four pixels at a time. Each row is padded to a
 * multiple of four bytes.
 */
export function spreadBytes(mask: Uint8Array, width: number, rect: Rect): Uint8Array<ArrayBuffer> {
  const stride = (rect.width + 3) & ~3;
  const words = new Uint32Array((stride / 4) * rect.height);
  const bytes = new Uint8Array(words.buffer);
  for (let y = 0; y < rect.height; y += 1) {
    const start = (rect.y + y) * width + rect.x;
    bytes.set(mask.subarray(start, start + rect.width), y * stride);
  }
  for (let i = 0; i < words.length; i += 1) words[i] = Math.imul(words[i], 255);
  return bytes;
}

export class Planes {
  readonly #gl: WebGL2RenderingContext;
  readonly #unit: number;
  #texture: WebGLTexture | null = null;
  #layers: Layer[] = [];
  #width = 0;
  #height = 0;
  #capacity = 0;

  constructor(gl: WebGL2RenderingContext, unit: number) {
    this.#gl = gl;
    this.#unit = unit;
  }

  /**
   * Sets the plane of each layer. A plane that is the same object as before is not uploaded again, unless
   * the size has changed or the texture has too few layers.
   */
  set(planes: readonly (MaskPlane | null)[], width: number, height: number): void {
    const room = padded(width) !== padded(this.#width) || padded(height) !== padded(this.#height);
    if (!this.#texture || room || planes.length > this.#capacity) {
      this.#allocate(planes.length, width, height);
    } else if (width !== this.#width || height !== this.#height) {
      this.#layers = [];
    }
    this.#width = width;
    this.#height = height;
    this.#layers = planes.map((plane, i) => {
      const before = this.#layers[i];
      if (before && before.plane === plane) return before;
      const stale = Array.from({ length: LEVELS + 1 }, (_, n) =>
        wholeOf(sizeAt(width, n), sizeAt(height, n)),
      );
      return { plane, stale, blocks: null };
    });
  }

  /** Call it when a plane was changed in place, within `rect`. */
  changed(index: number, rect: Rect): void {
    const layer = this.#layers[index];
    if (!layer) return;
    layer.blocks = null;
    let part = rect;
    for (let n = 0; n <= LEVELS; n += 1) {
      layer.stale[n] = uniteRects(layer.stale[n], part);
      part = halved(part);
    }
  }

  /** Makes shaders read this level of every layer, and uploads what has changed in it. */
  ensure(level: number): void {
    const gl = this.#gl;
    gl.activeTexture(gl.TEXTURE0 + this.#unit);
    gl.bindTexture(gl.TEXTURE_2D_ARRAY, this.#texture);
    showLevel(gl, gl.TEXTURE_2D_ARRAY, level);
    this.#layers.forEach((layer, index) => {
      const rect = layer.stale[level];
      if (!rect || !layer.plane) return;
      layer.stale[level] = null;
      const width = sizeAt(this.#width, level);
      let bytes = level === 0 ? layer.plane.mask : layer.plane.levels[level - 1];
      if (level === 0) {
        bytes = spreadBytes(bytes, width, rect);
        unpackRows(gl, (rect.width + 3) & ~3);
      } else {
        unpackRows(gl, width);
        bytes = bytes.subarray(rect.y * width + rect.x);
      }
      const { x, y } = rect;
      const target = gl.TEXTURE_2D_ARRAY;
      const [format, type] = [gl.RED, gl.UNSIGNED_BYTE];
      gl.texSubImage3D(target, level, x, y, index, rect.width, rect.height, 1, format, type, bytes);
    });
  }

  /** A smaller version of a layer's mask; null if the layer has no mask. */
  grid(index: number, level: number): Grid | null {
    const plane = this.#layers[index]?.plane;
    if (!plane) return null;
    const [width, height] = [this.#width, this.#height];
    return {
      values: plane.levels[level - 1],
      across: sizeAt(width, level),
      down: sizeAt(height, level),
      side: 2 ** level,
      width,
      height,
    };
  }

  /** The blocks of a level in which a layer is drawn; null if the layer has no mask. */
  blocks(index: number, level: number): Blocks | null {
    const layer = this.#layers[index];
    const grid = this.grid(index, level);
    if (!layer || !grid) return null;
    if (layer.blocks?.level !== level) layer.blocks = { level, found: blocksOf(grid) };
    return layer.blocks.found;
  }

  dispose(): void {
    this.#gl.deleteTexture(this.#texture);
    this.#texture = null;
  }

  #allocate(layers: number, width: number, height: number): void {
    const gl = this.#gl;
    this.dispose();
    this.#layers = [];
    this.#capacity = Math.max(1, layers);
    this.#texture = gl.createTexture();
    const target = gl.TEXTURE_2D_ARRAY;
    gl.activeTexture(gl.TEXTURE0 + this.#unit);
    gl.bindTexture(target, this.#texture);
    gl.texStorage3D(target, LEVELS + 1, gl.R8, padded(width), padded(height), this.#capacity);
    gl.texParameteri(target, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
    gl.texParameteri(target, gl.TEXTURE_MAG_FILTER, gl.LINEAR);
    clampTo(gl, target);
  }
}
