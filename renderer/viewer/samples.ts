/**
 * The image as a texture on the graphics processor, with its pyramid as levels. Shaders read samples of
 * 8 bits as numbers from 0 to 1, which the texture unit can interpolate. They read samples of 16 bits as
 * integers, which it cannot.
 */
import type { ImageReady } from '../case/pixels.ts';
import { LEVELS, sizeAt } from '../drawing/pyramid.ts';
import { clampTo, showLevel, unpackRows } from './gl.ts';
import { padded } from './planes.ts';

export class ImageTexture {
  readonly #gl: WebGL2RenderingContext;
  readonly #unit: number;
  #texture: WebGLTexture | null = null;
  #image: ImageReady | null = null;
  #kind = '';
  #fresh: boolean[] = [];

  constructor(gl: WebGL2RenderingContext, unit: number) {
    this.#gl = gl;
    this.#unit = unit;
  }

  set(image: ImageReady): void {
    if (this.#image === image && this.#texture) return;
    const { width, height, samples } = image.pixels;
    const kind = `${padded(width)} ${padded(height)} ${samples.BYTES_PER_ELEMENT}`;
    if (!this.#texture || this.#kind !== kind) {
      this.#allocate(padded(width), padded(height), samples.BYTES_PER_ELEMENT);
    }
    this.#kind = kind;
    this.#image = image;
    this.#fresh = [];
  }

  /** Makes shaders read this level, and uploads it if the texture does not hold it yet. */
  ensure(level: number): void {
    const gl = this.#gl;
    gl.activeTexture(gl.TEXTURE0 + this.#unit);
    gl.bindTexture(gl.TEXTURE_2D, this.#texture);
    showLevel(gl, gl.TEXTURE_2D, level);
    if (this.#fresh[level] || !this.#image) return;
    this.#fresh[level] = true;
    const { pixels, levels } = this.#image;
    const source = level === 0 ? pixels.samples : levels[level - 1];
    const width = sizeAt(pixels.width, level);
    const height = sizeAt(pixels.height, level);
    unpackRows(gl, width);
    const target = gl.TEXTURE_2D;
    const [format, type] =
      source instanceof Uint8Array
        ? [gl.RED, gl.UNSIGNED_BYTE]
        : [gl.RED_INTEGER, gl.UNSIGNED_SHORT];
    gl.texSubImage2D(target, level, 0, 0, width, height, format, type, source);
  }

  dispose(): void {
    this.#gl.deleteTexture(this.#texture);
    this.#texture = null;
  }

  #allocate(width: number, height: number, bytes: number): void {
    const gl = this.#gl;
    this.dispose();
    this.#texture = gl.createTexture();
    gl.activeTexture(gl.TEXTURE0 + this.#unit);
    gl.bindTexture(gl.TEXTURE_2D, this.#texture);
    const [format, filter] = bytes === 1 ? [gl.R8, gl.LINEAR] : [gl.R16UI, gl.NEAREST];
    gl.texStorage2D(gl.TEXTURE_2D, LEVELS + 1, format, width, height);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, filter);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, filter);
    clampTo(gl, gl.TEXTURE_2D);
  }
}
