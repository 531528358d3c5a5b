// The order of test files. It holds no test.
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files that take most of a minute or longer, the longest first. A file that runs last runs alone, so these
 * start before all others.
 */
const LONGEST = [
  'test/e2e/axe.test.ts',
  'test/fuzz/fuzz.test.ts',
  'test/e2e/datasets.test.ts',
  'test/e2e/electron.test.ts',
  'test/e2e/jsrt.test.ts',
  'test/e2e/browser.test.ts',
  'test/trainer/training.test.ts',
  'test/audit/cli/crashes.test.ts',
  'test/audit/scoring/score.test.ts',
  'test/audit/cli/workflow.test.ts',
  'test/audit/cli/badinput.test.ts',
  'test/electron/shell.test.ts',
  'test/e2e/kill.test.ts',
];

/** Starts the longest test files first. The others keep Vitest's own order. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = LONGEST.findIndex((path) => moduleId.endsWith(path));
      return place < 0 ? LONGEST.length : place;
    };
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other));
  }
}
