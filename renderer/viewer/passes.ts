/**
 * Draws the layers of a scene, the lowest first: image, quality map, difference, labels, proposals.
 * A mask is drawn only in the blocks where it shows something (`blocks.ts`).
 */
import type { QualityMap } from '../../audit/contract/client.ts';
import { sizeAt } from '../drawing/pyramid.ts';
import type { Rect } from '../drawing/types.ts';
import { blocksOfDifference, touching } from './blocks.ts';
import { clampTo, unpackRows } from './gl.ts';
import { Painter } from './painter.ts';
import type { UniformValues } from './painter.ts';
import { padded, Planes } from './planes.ts';
import { ImageTexture } from './samples.ts';
import { detailFor, HALF_WIDTH, HALF_WIDTH_ACTIVE, rangeOf, REACH } from './scene.ts';
import type { Detail, Scene } from './scene.ts';

const [IMAGE, LABELS, MODELS, QUALITY] = [0, 1, 2, 3];
/** Opacity of the difference; opacity of the proposal's outline, and CSS pixels from dash to dash in it. */
const [DIFFERENCE, MODEL, DASH] = [0.55, 0.92, 9];

/** The values that all layers of a frame use. */
interface Frame {
  readonly scene: Scene;
  readonly detail: Detail;
  /** The rectangle that is drawn, in image pixels. */
  readonly area: Rect;
  /** Uniforms that several shaders use. */
  readonly common: UniformValues;
}

export class PassLayers {
  readonly #gl: WebGL2RenderingContext;
  readonly #painter: Painter;
  readonly #samples: ImageTexture;
  readonly #labels: Planes;
  readonly #models: Planes;
  readonly #heat: WebGLTexture;
  #quality: QualityMap | null = null;

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
    this.#painter = new Painter(gl);
    this.#samples = new ImageTexture(gl, IMAGE);
    this.#labels = new Planes(gl, LABELS);
    this.#models = new Planes(gl, MODELS);
    this.#heat = gl.createTexture();
    gl.activeTexture(gl.TEXTURE0 + QUALITY);
    gl.bindTexture(gl.TEXTURE_2D, this.#heat);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
    clampTo(gl, gl.TEXTURE_2D);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  /** Call it when pixels of a label changed in place, within `rect`. */
  changed(index: number, rect: Rect): void {
    this.#labels.changed(index, rect);
  }

  /** Draws the rectangle `part` of a scene; all lengths are device pixels. */
  draw(scene: Scene, width: number, height: number, part: Rect): void {
    const gl = this.#gl;
    const { view, density, image, labels } = scene;
    const { pixels } = image;
    const scale = view.scale * density;
    const detail = detailFor(scale, density);
    const common = {
      uView: [scale, view.x * density, view.y * density],
      uStage: [width, height],
      uSize: [pixels.width, pixels.height],
      uPadded: [padded(pixels.width), padded(pixels.height)],
      uTexel: 2 ** detail.mask,
      uSharp: detail.sharp,
      uReach: REACH * density,
    };
    const area = {
      x: part.x / scale - (view.x * density) / scale,
      y: part.y / scale - (view.y * density) / scale,
      width: part.width / scale,
      height: part.height / scale,
    };
    const frame = { scene, detail, area, common };
    this.#labels.set(
      labels.map(({ plane }) => plane),
      pixels.width,
      pixels.height,
    );
    this.#labels.ensure(detail.mask);
    const modelled = labels.some((label) => label.modelled && label.model);
    if (modelled) {
      this.#models.set(
        labels.map(({ model }) => model),
        pixels.width,
        pixels.height,
      );
      this.#models.ensure(detail.mask);
    }
    gl.disable(gl.BLEND);
    this.#drawImage(frame);
    gl.enable(gl.BLEND);
    if (scene.quality) this.#drawQuality(frame, scene.quality);
    // The active label lies over the others.
    const order = labels
      .map((_, i) => i)
      .sort((a, b) => Number(labels[a].active) - Number(labels[b].active));
    if (scene.difference) for (const i of order) this.#drawDifference(frame, i);
    for (const i of order) this.#drawLabel(frame, i);
    if (scene.proposal) for (const i of order) this.#drawModel(frame, i);
  }

  dispose(): void {
    this.#painter.dispose();
    this.#samples.dispose();
    this.#labels.dispose();
    this.#models.dispose();
    this.#gl.deleteTexture(this.#heat);
  }

  #whole({ scene }: Frame): Float32Array {
    const { width, height } = scene.image.pixels;
    return Float32Array.of(0, 0, width, height);
  }

  #drawImage(frame: Frame): void {
    const { scene, detail, common } = frame;
    const { width, height } = scene.image.pixels;
    const { low, high, invert } = scene.window;
    this.#samples.set(scene.image);
    this.#samples.ensure(detail.image);
    const level = detail.image;
    const scale = (invert ? -1 : 1) / (high - low);
    const shader = scene.image.pixels.samples instanceof Uint8Array ? 'image' : 'image16';
    this.#painter.paint(shader, this.#whole(frame), {
      ...common,
      uImage: { int: IMAGE },
      uCells: [padded(width) / 2 ** level, padded(height) / 2 ** level],
      uLast: [sizeAt(width, level) - 1, sizeAt(height, level) - 1],
      uPart: 2 ** -level,
      uWindow: [scale, -scale * (invert ? high : low)],
    });
  }

  #drawQuality(frame: Frame, quality: QualityMap): void {
    const gl = this.#gl;
    gl.activeTexture(gl.TEXTURE0 + QUALITY);
    gl.bindTexture(gl.TEXTURE_2D, this.#heat);
    if (this.#quality !== quality) {
      this.#quality = quality;
      const { values, width, height } = quality;
      const [low, high] = rangeOf(values);
      const bytes = Uint8Array.from(values, (v) => Math.round(((v - low) / (high - low)) * 255));
      unpackRows(gl, 0);
      const [format, type] = [gl.RED, gl.UNSIGNED_BYTE];
      gl.texImage2D(gl.TEXTURE_2D, 0, gl.R8, width, height, 0, format, type, bytes);
    }
    const values = { ...frame.common, uQuality: { int: QUALITY } };
    this.#painter.paint('heat', this.#whole(frame), values);
  }

  #drawDifference({ scene, detail, area, common }: Frame, index: number): void {
    const { modelled } = scene.labels[index];
    const label = this.#labels.grid(index, detail.block);
    const model = modelled ? this.#models.grid(index, detail.block) : null;
    if (!label || !model) return;
    this.#painter.paint('difference', touching(blocksOfDifference(label, model), area), {
      ...common,
      uPlanes: { int: LABELS },
      uModels: { int: MODELS },
      uLayer: index,
      uOpacity: DIFFERENCE,
    });
  }

  #drawLabel({ scene, detail, area, common }: Frame, index: number): void {
    const { fill, outline, active, colour } = scene.labels[index];
    const blocks = fill + outline > 0 ? this.#labels.blocks(index, detail.block) : null;
    if (!blocks) return;
    const values = {
      ...common,
      uPlanes: { int: LABELS },
      uLayer: index,
      uFill: [...colour, fill],
      uLine: [outline, (active ? HALF_WIDTH_ACTIVE : HALF_WIDTH) * scene.density],
    };
    if (fill > 0) this.#painter.paint('full', touching(blocks.full, area), values);
    this.#painter.paint('label', touching(blocks.mixed, area), values);
  }

  #drawModel({ scene, detail, area, common }: Frame, index: number): void {
    const { modelled, active, colour } = scene.labels[index];
    const blocks = modelled ? this.#models.blocks(index, detail.block) : null;
    if (!blocks) return;
    this.#painter.paint('model', touching(blocks.mixed, area), {
      ...common,
      uPlanes: { int: MODELS },
      uLayer: index,
      uFill: [...colour, 1],
      uLine: [MODEL, (active ? HALF_WIDTH_ACTIVE * 0.8 : HALF_WIDTH) * scene.density],
      uDash: DASH * scene.density,
    });
  }
}
