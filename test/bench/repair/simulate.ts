/** Repairs 100 damaged labels of phantoms with each tool, and says what that took. */
import { dilated, missingPart, shifted, warped } from '../../../audit/damage/damage.ts';
import { leaked } from '../../../audit/damage/leak.ts';
import type { GreyImage, Mask } from '../../../audit/imaging/types.ts';
import { makePhantom } from '../../../audit/phantoms/phantom.ts';
import { Random } from '../../../models/random.ts';
import { TOOLS } from './tools.ts';
import { ENOUGH, Repair, diceOf } from './work.ts';
import type { Case } from './work.ts';

const SIZE = 256;
/** How much the true mask is warped to stand for a model's proposal: a mean dice of about .95. */
const PROPOSAL = 0.08;
const STRUCTURES = ['lung', 'heart'] as const;

type Damage = (truth: Mask, image: GreyImage, severity: number, random: Random) => Mask;
const DAMAGES: Readonly<Record<string, Damage>> = {
  shifted: (truth, _, severity, random) => shifted(truth, severity, random),
  'part missing': (truth, _, severity, random) => missingPart(truth, severity, random),
  leaked: (truth, image, severity, random) => leaked(truth, image, severity, random),
  'too large': (truth, _, severity) => dilated(truth, severity),
};
export const KINDS = Object.keys(DAMAGES);

/** What a tool took for one kind of damage, as means over the labels. */
export interface Took {
  readonly tool: string;
  readonly presses: number;
  readonly millimetres: number;
  /** Millimetres of way, and of presses at `PRESS_MM` each. */
  readonly work: number;
  /** Share of labels that reached the dice. */
  readonly reached: number;
  /** Dice of the proposals with the truth. */
  readonly proposal: number;
}

/**
 * Repairs labels.
 * @param kinds kinds of damage
 * @param each labels of each kind
 */
export function simulate(kinds: readonly string[], each: number): Record<string, Took[]> {
  const results: Record<string, Took[]> = {};
  for (const kind of kinds) {
    const cases = Array.from({ length: each }, (_, n) => caseOf(kind, n));
    results[kind] = Object.entries(TOOLS).map(([tool, use]) => {
      const repairs = cases.map((of) => {
        const repair = new Repair(of);
        use(repair);
        return repair;
      });
      const mean = (of: (repair: Repair) => number): number =>
        repairs.reduce((sum, repair) => sum + of(repair), 0) / each;
      return {
        tool,
        presses: mean((repair) => repair.presses),
        millimetres: mean((repair) => repair.millimetres),
        work: mean((repair) => repair.work),
        proposal: mean(({ of }) => diceOf(of.proposal, of.truth)),
        reached: mean((repair) => (repair.dice >= ENOUGH ? 1 : 0)),
      };
    });
  }
  return results;
}

/** The n-th label with this damage. A label that is hardly damaged is replaced by another. */
function caseOf(kind: string, n: number): Case {
  for (let index = n; ; index += 1000) {
    const { image, masks } = makePhantom({ seed: 17, index, size: SIZE });
    const truth = masks[STRUCTURES[n % STRUCTURES.length]];
    const random = new Random('repair', kind, index);
    const damaged = DAMAGES[kind](truth, image, random.uniform(0.15, 0.85), random);
    const dice = diceOf(damaged.data, truth.data);
    if (dice > 0.95 || dice < 0.3) continue;
    const samples = Uint16Array.from(image.data);
    const sorted = samples.slice().sort();
    const span =
      sorted[Math.floor(0.99 * sorted.length)] - sorted[Math.floor(0.01 * sorted.length)];
    return {
      width: SIZE,
      height: SIZE,
      samples,
      span,
      truth: truth.data,
      damaged: damaged.data,
      proposal: warped(truth, PROPOSAL, random).data,
    };
  }
}
