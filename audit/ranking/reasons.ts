/** Gives the reasons why a label is suspected, as numbers. */
import type { CaseSummary, LabelReasons } from '../contract/terms.ts';
import type { LabelScore } from '../store/types.ts';
import { expectedDice } from './calibration.ts';
import type { Calibration } from './calibration.ts';
import { robustZ } from './robust.ts';
import type { Spread } from './robust.ts';

/** Turns a score into reasons. Lengths are converted from pixels at 256² to pixels of the label. */
export function labelReasons(
  score: LabelScore,
  cohort: Spread,
  size: Pick<CaseSummary, 'width' | 'height'>,
  calibration: Calibration | null,
): LabelReasons {
  const scale = Math.sqrt(size.width * size.height) / 256;
  return {
    structure: score.structure,
    expected: expectedDice(calibration, score),
    dice: score.dice,
    areaRatio: cohort.centre > 0 ? score.area / cohort.centre : 1,
    areaZ: robustZ(score.area, cohort),
    boundary: score.boundary === null ? null : score.boundary * scale,
    boundaryOff: score.boundaryOff,
    learned: score.learned,
    softmin: score.softmin,
    kind: score.kind,
    place: score.place,
  };
}
