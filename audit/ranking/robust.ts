/** Centre, spread and z-scores that a share of wild values does not move. */
import { median } from '../../models/statistics.ts';

/** A cohort's centre and spread. */
export interface Spread {
  readonly centre: number;
  /** In units of a standard deviation, were the values normal; 0 when they hardly differ. */
  readonly scale: number;
}

/**
 * Median, and 1.4826 times the median absolute deviation. Where more than half of the values are
 * equal that deviation is 0: then 1.2533 times the mean absolute deviation stands in (both factors
 * make it the standard deviation of normal values; Iglewicz and Hoaglin 1993).
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

/** (value − centre) / scale; 0 where nothing differs. */
export function robustZ(value: number, { centre, scale }: Spread): number {
  return scale === 0 ? 0 : (value - centre) / scale;
}
