/** Where the image lies on the stage. Pure; lengths on the stage are CSS pixels. */
import type { Position, Rect } from '../drawing/types.ts';
import type { StageView } from './types.ts';

export interface Extent {
  readonly width: number;
  readonly height: number;
}

/** Space kept free at the edges of the stage when the image is fitted, in CSS pixels. */
export interface Insets {
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

export const NO_INSETS: Insets = { top: 0, right: 0, bottom: 0, left: 0 };
const LARGEST = 64;
/** A look at a part enlarges the fitted image at most this many times, so that one sees where it is. */
const MOST_ON_PART = 4;
/** Zooming out ends when the whole image fits and its shorter side has at most this many CSS pixels. */
const SMALLEST_SIDE = 48;

export function fittedView(image: Extent, stage: Extent, insets: Insets = NO_INSETS): StageView {
  const width = Math.max(1, stage.width - insets.left - insets.right);
  const height = Math.max(1, stage.height - insets.top - insets.bottom);
  const scale = Math.min(width / image.width, height / image.height);
  return {
    scale,
    x: insets.left + (width - image.width * scale) / 2,
    y: insets.top + (height - image.height * scale) / 2,
  };
}

/** The share of the room's shorter side that the part of the image takes when the person looks at it. */
const PART = 0.4;

/**
 * The view that has a part of the image in the middle, enlarged, with what surrounds it.
 * @param part in image pixels
 */
export function viewOn(part: Rect, image: Extent, stage: Extent, insets: Insets): StageView {
  const fitted = fittedView(image, stage, insets);
  const width = Math.max(1, stage.width - insets.left - insets.right);
  const height = Math.max(1, stage.height - insets.top - insets.bottom);
  const wanted = (PART * Math.min(width, height)) / Math.max(1, part.width, part.height);
  const scale = Math.max(fitted.scale, Math.min(MOST_ON_PART * fitted.scale, wanted));
  const x = insets.left + width / 2 - (part.x + part.width / 2) * scale;
  const y = insets.top + height / 2 - (part.y + part.height / 2) * scale;
  return kept({ scale, x, y }, image, stage);
}

export const toImage = (view: StageView, { x, y }: Position): Position => ({
  x: (x - view.x) / view.scale,
  y: (y - view.y) / view.scale,
});

export const toStage = (view: StageView, { x, y }: Position): Position => ({
  x: x * view.scale + view.x,
  y: y * view.scale + view.y,
});

/** Limits the view so that part of the image stays on the stage. */
export function kept(view: StageView, image: Extent, stage: Extent): StageView {
  const margin = Math.min(64, stage.width / 4, stage.height / 4);
  const hold = (at: number, length: number, room: number): number =>
    Math.min(room - margin, Math.max(margin - length, at));
  return {
    scale: view.scale,
    x: hold(view.x, image.width * view.scale, stage.width),
    y: hold(view.y, image.height * view.scale, stage.height),
  };
}

/** Multiplies the scale by `factor`, within limits; the point of the image under `at` stays there. */
export function zoomed(
  view: StageView,
  factor: number,
  at: Position,
  image: Extent,
  stage: Extent,
): StageView {
  const smallest = Math.min(
    fittedView(image, stage).scale,
    SMALLEST_SIDE / Math.min(image.width, image.height),
  );
  const scale = Math.min(LARGEST, Math.max(smallest, view.scale * factor));
  const under = toImage(view, at);
  return kept({ scale, x: at.x - under.x * scale, y: at.y - under.y * scale }, image, stage);
}
