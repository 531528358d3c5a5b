/**
 * How the image is turned and mirrored for display. The stage itself stays upright: its element is turned, and places
 * of the pointer are turned back. Pure; lengths are CSS pixels.
 */
import type { Position } from '../drawing/types.ts';
import type { Extent, Insets } from './view.ts';

/** The image is mirrored left to right first, and then turned clockwise by quarter turns. */
export interface Orientation {
  readonly mirrored: boolean;
  readonly turns: 0 | 1 | 2 | 3;
}

export const UPRIGHT: Orientation = { mirrored: false, turns: 0 };

export const isUpright = ({ mirrored, turns }: Orientation): boolean => !mirrored && turns === 0;

/** Whether width and height are exchanged. */
export const isSideways = ({ turns }: Orientation): boolean => turns % 2 === 1;

/** A further quarter turn clockwise, as it is seen. */
export const turned = ({ mirrored, turns }: Orientation): Orientation => ({
  mirrored,
  turns: ((turns + 1) % 4) as Orientation['turns'],
});

/** Mirrored left to right, as it is seen. */
export const mirrored = ({ mirrored: was, turns }: Orientation): Orientation => ({
  mirrored: !was,
  // What was turned to one side before the mirror is turned to the other side behind it.
  turns: ((4 - turns) % 4) as Orientation['turns'],
});

/** The value of CSS's `transform` that turns the stage. */
export const transformOf = ({ mirrored: flips, turns }: Orientation): string =>
  `rotate(${turns * 90}deg)${flips ? ' scaleX(-1)' : ''}`;

/** The value of CSS's `transform` that keeps text on the turned stage upright. */
export const uprightOf = ({ mirrored: flips, turns }: Orientation): string =>
  `${flips ? 'scaleX(-1) ' : ''}rotate(${-turns * 90}deg)`;

/** The place on the upright stage that is seen at `at`. @param seen size of the stage as it is seen */
export function unturned(at: Position, seen: Extent, orientation: Orientation): Position {
  let [x, y] = [at.x - seen.width / 2, at.y - seen.height / 2];
  for (let turn = 0; turn < orientation.turns; turn += 1) [x, y] = [y, -x];
  if (orientation.mirrored) x = -x;
  const sideways = isSideways(orientation);
  const [width, height] = sideways ? [seen.height, seen.width] : [seen.width, seen.height];
  return { x: x + width / 2, y: y + height / 2 };
}

/** The insets of the upright stage for insets as they are seen. */
export function unturnedInsets(seen: Insets, orientation: Orientation): Insets {
  let { top, right, bottom, left } = seen;
  for (let turn = 0; turn < orientation.turns; turn += 1)
    [top, right, bottom, left] = [right, bottom, left, top];
  return orientation.mirrored
    ? { top, right: left, bottom, left: right }
    : { top, right, bottom, left };
}

/** `mirrored, turned by 90°`; empty for an upright image. */
export function orientationWords({ mirrored: flips, turns }: Orientation): string {
  const words = [flips && 'mirrored', turns > 0 && `turned by ${turns * 90}°`];
  return words.filter((word) => word !== false).join(', ');
}
