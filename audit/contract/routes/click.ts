/** Requests of the routes that segment by clicks, with a network that the person brings. */
import { z } from 'zod';
import { MaskPacking } from './cases.ts';

const Coordinate = z.number().min(-1e6).max(1e6);

/** What a person pointed at, in pixels of the image: points, a box, or both. */
export const ClickPrompts = z
  .object({
    points: z
      .array(z.object({ x: Coordinate, y: Coordinate, inside: z.boolean() }))
      .max(100)
      .default([]),
    /** Left, top, right and bottom. */
    box: z.tuple([Coordinate, Coordinate, Coordinate, Coordinate]).nullable().default(null),
  })
  .refine(({ points, box }) => points.length > 0 || box !== null, 'needs a point or a box');
export type ClickPrompts = z.input<typeof ClickPrompts>;
export const ClickQuery = z.object({ packing: MaskPacking.default('raw') });
