/** Centre, spread and z-scores that outliers hardly move. */
import { median } from '../../models/statistics.ts';

/** The centre and the spread of a group of values. */
export interface Spread {
  readonly centre: number;
  /** Estimates the standard deviation of normal values; 0 if all values are equal. */
  readonly scale: number;
}

/**
 * The centre is the median; the spread is 1.4826 times the median absolute deviation. If more than half
 * of the values are equal, that deviation is 0, and 1.2533 times the mean absolute deviation replaces it.
 * Both factors give the standard deviation of normal values (Iglewicz and Hoaglin 1993).
 */
export function spread(values: ArrayLike<number>): Spread {
  const centre = median(values);
  const deviations = new Float64Array(values);
  for (let i = 0; i < deviations.length; i += 1) deviations[i] = Math.abs(deviations[i] - centre);
  const mad = 1.4826 * median(deviations);
  if (mad > 1e-12) return { centre, scale: mad };
  const mean = deviations.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  return { centre, scale: mean > 1e-12 ? 1.2533 * mean : 0 };
}

/** (value − centre) / scale; 0 if the scale is 0. */
export function robustZ(value: number, { centre, scale }: Spread): number {
  return scale === 0 ? 0 : (value - centre) / scale;
}
