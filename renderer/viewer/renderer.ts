/**
 * Draws the stage with WebGL 2, only when something has changed. A stroke uploads and redraws only its
 * rectangle. After a loss of the WebGL context everything is uploaded again.
 */
import { uniteRects, wholeOf } from '../drawing/rect.ts';
import type { Rect } from '../drawing/types.ts';
import { PassLayers } from './passes.ts';
import { damageOf } from './scene.ts';
import type { Scene } from './scene.ts';

export class StageRenderer {
  readonly #canvas: HTMLCanvasElement;
  readonly #gl: WebGL2RenderingContext;
  #layers: PassLayers | null = null;
  #scene: Scene | null = null;
  /**
   * What must be drawn: everything if `#whole` is true, else the rectangle `#damage` in device pixels, or
   * nothing if that is null.
   */
  #whole = true;
  #damage: Rect | null = null;
  #frame = 0;
  /** Whether `#drawAhead` has drawn since the last frame. */
  #ahead = false;
  readonly #ends = new AbortController();

  /** @throws Error if the browser has no WebGL 2 */
  constructor(canvas: HTMLCanvasElement) {
    const gl = canvas.getContext('webgl2', {
      alpha: false,
      antialias: false,
      depth: false,
      stencil: false,
      // A later draw of one rectangle must find the other pixels unchanged.
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
        this.#layers = null;
      },
      { signal },
    );
    canvas.addEventListener('webglcontextrestored', () => this.invalidate(), { signal });
  }

  /** Changes the size of the canvas, in device pixels. */
  resize(width: number, height: number): void {
    if (this.#canvas.width === width && this.#canvas.height === height) return;
    this.#canvas.width = width;
    this.#canvas.height = height;
    this.#whole = true;
    // Resizing has emptied the canvas. It is drawn now, or the person would see it empty for a frame.
    if (this.#scene) this.#draw();
  }

  /** Shows a scene; null clears the stage. */
  show(scene: Scene | null): void {
    const next = scene !== null && scene.image !== this.#scene?.image;
    this.#scene = scene;
    this.invalidate();
    if (!next) return;
    // Draws another case now, while the browser still lays out the page.
    this.#drawAhead();
  }

  /** Call it when pixels of a label changed in place, within `rect`. */
  paint(index: number, rect: Rect): void {
    const scene = this.#scene;
    if (!scene) return;
    this.#layers?.changed(index, rect);
    const { width, height } = this.#canvas;
    const damage = damageOf(rect, scene.view, scene.density, width, height);
    this.#damage = uniteRects(this.#damage, damage);
    if (!this.#damage) return;
    this.#drawAhead();
    this.#request();
  }

  /** Draws everything in the next frame. */
  invalidate(): void {
    this.#whole = true;
    this.#request();
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
    this.#ends.abort();
    this.#layers?.dispose();
    this.#layers = null;
  }

  #request(): void {
    if (this.#frame !== 0) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#ahead = false;
      this.#draw();
    });
  }

  /** Draws before the next frame, at most once per frame, so that the graphics processor begins at once. */
  #drawAhead(): void {
    if (this.#ahead) return;
    this.#ahead = true;
    this.#draw();
    const gl = this.#gl;
    // Without a fence, the browser puts the flush off until the frame.
    const sync = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
    gl.flush();
    gl.deleteSync(sync);
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
    gl.clearColor(...(scene?.background ?? [0, 0, 0]), 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (!scene) return;
    this.#layers ??= new PassLayers(gl);
    this.#layers.draw(scene, width, height, area ?? wholeOf(width, height));
  }
}
