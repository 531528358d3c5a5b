import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PixelIssues } from '../../../audit/ranking/issues.ts';
import { softmin } from '../../../audit/imaging/agreement.ts';

interface Fixture {
  readonly labels: number[][];
  readonly probabilities: number[][];
  readonly softmin: number[];
  readonly issues: number[];
}

/** Labels, probabilities and cleanlab's results for them; `rivals.py` in this folder made the file. */
const fixture = JSON.parse(
  readFileSync(new URL('./rivals.json', import.meta.url), 'utf8'),
) as Fixture;

describe('compared with the Python package cleanlab', () => {
  it('softmin agrees to 1e-6', () => {
    fixture.labels.forEach((label, i) => {
      expect(Math.abs(softmin(label, fixture.probabilities[i]) - fixture.softmin[i])).toBeLessThan(
        1e-6,
      );
    });
  });

  it('the number of pixel issues agrees to 1e-6, and the fixture has several different numbers', () => {
    const counted = new PixelIssues();
    fixture.labels.forEach((label, i) => counted.observe(label, fixture.probabilities[i]));
    counted.scores().forEach((score, i) => {
      expect(Math.abs(score - fixture.issues[i])).toBeLessThan(1e-6);
    });
    expect(new Set(fixture.issues).size).toBeGreaterThan(3);
  });
});
