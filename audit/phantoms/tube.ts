/** Draws tubes into a plane of attenuations, for ribs, vessels, airways and vertebrae. */
import type { Point } from '../imaging/polygon.ts';

/** A square picture of attenuations (∑ μ·thickness, no unit), row-major size·size. */
export interface AttenuationPlane {
  readonly size: number;
  readonly data: Float32Array;
}

/** The attenuation across a tube, divided by its `weight`. s is 0 on the centre line and ±1 at the edges. */
export type Profile = (s: number) => number;

/** The profile of a cylinder that is not hollow. */
export const solid: Profile = (s) => Math.sqrt(Math.max(1 - s * s, 0));

/**
 * The profile of a bone: a dense wall around a spongy core, so that the bone is brighter at its edges than
 * in its middle.
 */
export function cortical(core: number, inner: number): Profile {
  return (s) => solid(s) - (1 - core) * inner * solid(Math.max(Math.min(s / inner, 1), -1));
}

export interface Tube {
  readonly line: readonly Point[];
  /** The half width at each point of the line. */
  readonly halfWidth: readonly number[];
  /** The attenuation on the centre line at each of its points; negative for a tube filled with air. */
  readonly weight: readonly number[];
  readonly profile: Profile;
}

/**
 * Adds `tube` to `plane`. Neighbouring pieces of the tube meet at the bisector of the angle between them,
 * so that there is no seam.
 */
export function drawTube(plane: AttenuationPlane, tube: Tube): void {
  const { size, data } = plane;
  const { line, profile } = tube;
  const last = line.length - 1;
  // A tube thinner than a pixel is drawn wider, and fainter by the same factor.
  const finest = 0.6 / size;
  const widths = tube.halfWidth.map((w) => Math.max(w, finest));
  const weights = tube.weight.map((w, i) => w * Math.min(tube.halfWidth[i] / finest, 1));
  const ux = new Float64Array(last);
  const uy = new Float64Array(last);
  const lengths = new Float64Array(last);
  for (let i = 0; i < last; i += 1) {
    const dx = line[i + 1][0] - line[i][0];
    const dy = line[i + 1][1] - line[i][1];
    lengths[i] = Math.max(Math.hypot(dx, dy), 1e-9);
    ux[i] = dx / lengths[i];
    uy[i] = dy / lengths[i];
  }
  for (let i = 0; i < last; i += 1) {
    const [ax, ay] = line[i];
    const [bx, by] = line[i + 1];
    // The box of pixels that a piece can touch. The slanted bisectors let the piece reach beyond its ends,
    // by half of its half width.
    const wide = Math.max(widths[i], widths[i + 1]);
    const reachX = wide * (Math.abs(uy[i]) + 0.5 * Math.abs(ux[i]));
    const reachY = wide * (Math.abs(ux[i]) + 0.5 * Math.abs(uy[i]));
    const x0 = Math.max(Math.ceil((Math.min(ax, bx) - reachX) * size - 0.5), 0);
    const x1 = Math.min(Math.floor((Math.max(ax, bx) + reachX) * size - 0.5), size - 1);
    const y0 = Math.max(Math.ceil((Math.min(ay, by) - reachY) * size - 0.5), 0);
    const y1 = Math.min(Math.floor((Math.max(ay, by) + reachY) * size - 0.5), size - 1);
    // Directions perpendicular to the bisectors at the two ends of the piece.
    const sx = i > 0 ? ux[i - 1] + ux[i] : ux[i];
    const sy = i > 0 ? uy[i - 1] + uy[i] : uy[i];
    const tx = i < last - 1 ? ux[i + 1] + ux[i] : ux[i];
    const ty = i < last - 1 ? uy[i + 1] + uy[i] : uy[i];
    for (let py = y0; py <= y1; py += 1) {
      const y = (py + 0.5) / size;
      for (let px = x0; px <= x1; px += 1) {
        const x = (px + 0.5) / size;
        if ((x - ax) * sx + (y - ay) * sy < 0 || (x - bx) * tx + (y - by) * ty >= 0) continue;
        const across = (y - ay) * ux[i] - (x - ax) * uy[i];
        const along = ((x - ax) * ux[i] + (y - ay) * uy[i]) / lengths[i];
        const t = along < 0 ? 0 : along > 1 ? 1 : along;
        const s = across / (widths[i] + (widths[i + 1] - widths[i]) * t);
        if (s <= -1 || s >= 1) continue;
        data[py * size + px] += (weights[i] + (weights[i + 1] - weights[i]) * t) * profile(s);
      }
    }
  }
}
