/**
 * Draws the stage with WebGL 2, on demand and once a frame at most. A stroke uploads and redraws the
 * rectangle it touched. A lost context is made anew from what is in memory.
 */
import { unite } from '../tools/rect.ts';
import type { Rect } from '../tools/types.ts';
import { clampTo, makeProgram, unpackRows } from './gl.ts';
import type { Program } from './gl.ts';
import { padded, Planes } from './planes.ts';
import { Samples } from './samples.ts';
import { damageOf, detailFor, HALF_WIDTH, HALF_WIDTH_ACTIVE, rangeOf, REACH } from './scene.ts';
import type { Scene } from './scene.ts';
import { FRAGMENT, MOST_LABELS, VERTEX } from './shader.ts';
import type { QualityMap } from '../../audit/contract/client.ts';

interface Resources {
  readonly program: Program;
  readonly samples: Samples;
  readonly labels: Planes;
  readonly models: Planes;
  readonly quality: WebGLTexture;
  shown: QualityMap | null;
}

const [IMAGE, LABELS, MODELS, QUALITY] = [0, 1, 2, 3];

export class StageRenderer {
  readonly #canvas: HTMLCanvasElement;
  readonly #gl: WebGL2RenderingContext;
  #resources: Resources | null = null;
  #scene: Scene | null = null;
  /** What has to be drawn: everything, or a rectangle of device pixels. */
  #whole = true;
  #damage: Rect | null = null;
  #frame = 0;
  readonly #ends = new AbortController();

  /** @throws Error where there is no WebGL 2 */
  constructor(canvas: HTMLCanvasElement) {
    const gl = canvas.getContext('webgl2', {
      alpha: false,
      antialias: false,
      depth: false,
      stencil: false,
      // What was not touched stays as it is.
      preserveDrawingBuffer: true,
      powerPreference: 'high-performance',
    });
    if (!gl) throw new Error('WebGL 2 is not available');
    this.#canvas = canvas;
    this.#gl = gl;
    const { signal } = this.#ends;
    canvas.addEventListener(
      'webglcontextlost',
      (event) => {
        event.preventDefault();
        this.#resources = null;
      },
      { signal },
    );
    canvas.addEventListener('webglcontextrestored', () => this.invalidate(), { signal });
  }

  /** @param width in device pixels */
  resize(width: number, height: number): void {
    if (this.#canvas.width === width && this.#canvas.height === height) return;
    this.#canvas.width = width;
    this.#canvas.height = height;
    this.#whole = true;
    // The canvas is empty now: waiting for a frame would show it so.
    if (this.#scene) this.#draw();
  }

  /** Another scene, or the same seen otherwise; null: nothing. */
  show(scene: Scene | null): void {
    this.#scene = scene;
    this.invalidate();
  }

  /** Pixels of a label changed in place. */
  paint(index: number, rect: Rect): void {
    const scene = this.#scene;
    if (!scene) return;
    this.#resources?.labels.changed(index, rect);
    const { width, height } = this.#canvas;
    const damage = damageOf(rect, scene.view, scene.density, width, height);
    this.#damage = unite(this.#damage, damage);
    if (this.#damage) this.#request();
  }

  /** Draws everything in the next frame. */
  invalidate(): void {
    this.#whole = true;
    this.#request();
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
    this.#ends.abort();
    const resources = this.#resources;
    this.#resources = null;
    if (!resources) return;
    resources.samples.dispose();
    resources.labels.dispose();
    resources.models.dispose();
    this.#gl.deleteTexture(resources.quality);
    this.#gl.deleteProgram(resources.program.program);
  }

  #request(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #draw(): void {
    const gl = this.#gl;
    const { width, height } = this.#canvas;
    if (gl.isContextLost() || (!this.#whole && !this.#damage)) return;
    const area = this.#whole ? null : this.#damage;
    this.#whole = false;
    this.#damage = null;
    gl.viewport(0, 0, width, height);
    if (area) {
      gl.enable(gl.SCISSOR_TEST);
      gl.scissor(area.x, height - area.y - area.height, area.width, area.height);
    } else {
      gl.disable(gl.SCISSOR_TEST);
    }
    const scene = this.#scene;
    if (!scene) {
      gl.clear(gl.COLOR_BUFFER_BIT);
      return;
    }
    const resources = (this.#resources ??= this.#make());
    gl.useProgram(resources.program.program);
    this.#prepare(resources, scene);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  #make(): Resources {
    const gl = this.#gl;
    const program = makeProgram(gl, VERTEX, FRAGMENT);
    gl.useProgram(program.program);
    gl.uniform1i(program.at['uImage'] ?? null, IMAGE);
    gl.uniform1i(program.at['uLabels'] ?? null, LABELS);
    gl.uniform1i(program.at['uModels'] ?? null, MODELS);
    gl.uniform1i(program.at['uQuality'] ?? null, QUALITY);
    const quality = gl.createTexture();
    gl.activeTexture(gl.TEXTURE0 + QUALITY);
    gl.bindTexture(gl.TEXTURE_2D, quality);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
    clampTo(gl, gl.TEXTURE_2D);
    return {
      program,
      samples: new Samples(gl, IMAGE),
      labels: new Planes(gl, LABELS),
      models: new Planes(gl, MODELS),
      quality,
      shown: null,
    };
  }

  #prepare(resources: Resources, scene: Scene): void {
    const gl = this.#gl;
    const { at } = resources.program;
    const { view, density, window, image, background } = scene;
    const { width, height } = image.pixels;
    const scale = view.scale * density;
    const detail = detailFor(scale, density);
    const set = (name: string): WebGLUniformLocation | null => at[name] ?? null;

    gl.uniform1f(set('uHeight'), this.#canvas.height);
    gl.uniform1f(set('uDensity'), density);
    gl.uniform3f(set('uBackground'), ...background);
    gl.uniform3f(set('uView'), scale, view.x * density, view.y * density);
    gl.uniform2f(set('uSize'), width, height);

    resources.samples.set(image);
    resources.samples.ensure(detail.image);
    gl.uniform1i(set('uImageLevel'), detail.image);
    const part = 2 ** detail.image;
    gl.uniform2f(set('uImageLevelSize'), Math.ceil(width / part), Math.ceil(height / part));
    gl.uniform1f(set('uImageSharp'), detail.sharp);
    gl.uniform3f(set('uWindow'), window.low, window.high, window.invert ? 1 : 0);

    gl.uniform2f(set('uPadded'), padded(width), padded(height));
    gl.uniform1f(set('uLod'), detail.mask);
    gl.uniform1f(set('uCoarse'), detail.coarse);
    gl.uniform1f(set('uSharp'), detail.sharp);
    gl.uniform1f(set('uReach'), REACH * density);

    const labels = scene.labels.slice(0, MOST_LABELS);
    const modelled = labels.some((label) => label.modelled && label.model);
    resources.labels.set(
      labels.map(({ plane }) => plane),
      width,
      height,
    );
    this.#ensure(resources.labels, detail.mask, detail.coarse);
    if (modelled) {
      resources.models.set(
        labels.map(({ model }) => model),
        width,
        height,
      );
      this.#ensure(resources.models, detail.mask, detail.coarse);
    }
    this.#looks(set, scene, density);
    gl.uniform1f(set('uDifference'), scene.difference && modelled ? 0.55 : 0);
    this.#quality(resources, scene.quality);
    gl.uniform1f(set('uQualityOpacity'), scene.quality ? 1 : 0);
  }

  #ensure(planes: Planes, level: number, coarse: number): void {
    planes.ensure(level);
    if (coarse >= 0) planes.ensure(coarse);
  }

  #looks(set: (name: string) => WebGLUniformLocation | null, scene: Scene, density: number): void {
    const gl = this.#gl;
    const labels = scene.labels.slice(0, MOST_LABELS);
    const colours = new Float32Array(4 * MOST_LABELS);
    const lines = new Float32Array(4 * MOST_LABELS);
    labels.forEach(({ plane, model, colour, fill, outline, active, modelled }, i) => {
      colours.set([...colour, plane ? fill : -1], 4 * i);
      const half = (active ? HALF_WIDTH_ACTIVE : HALF_WIDTH) * density;
      const shown = modelled && model ? 1 : 0;
      lines.set([plane ? outline : 0, half, scene.proposal ? 0.92 : 0, shown], 4 * i);
    });
    gl.uniform1i(set('uCount'), labels.length);
    gl.uniform4fv(set('uColour'), colours);
    gl.uniform4fv(set('uLine'), lines);
  }

  #quality(resources: Resources, quality: QualityMap | null): void {
    const gl = this.#gl;
    gl.activeTexture(gl.TEXTURE0 + QUALITY);
    gl.bindTexture(gl.TEXTURE_2D, resources.quality);
    if (!quality || resources.shown === quality) return;
    resources.shown = quality;
    const { values, width, height } = quality;
    const [low, high] = rangeOf(values);
    const bytes = Uint8Array.from(values, (v) => Math.round(((v - low) / (high - low)) * 255));
    unpackRows(gl, 0);
    const [format, type] = [gl.RED, gl.UNSIGNED_BYTE];
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R8, width, height, 0, format, type, bytes);
  }
}
