/** Finds what axe calls serious or critical in a page. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

const GRAVE = ['serious', 'critical'];

/** Page script that waits until all animations have ended: colours fade when the theme changes. */
const SETTLED = `(async () => {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  await frame();
  await frame();
  const ending = document
    .getAnimations()
    .filter((each) => each.effect?.getComputedTiming().iterations !== Infinity);
  await Promise.allSettled(ending.map((each) => each.finished));
})()`;

/**
 * The serious and critical faults that axe finds in the page, or in the elements that match `within`,
 * as `rule at selector: what is wrong`.
 */
export async function faultsOf(page: Page, within?: string, rules?: string[]): Promise<string[]> {
  await page.evaluate(SETTLED);
  // In legacy mode axe opens no page of its own: Playwright forbids one beside a page of
  // `browser.newPage`.
  let axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] });
  if (within !== undefined) axe = axe.include(within);
  if (rules) axe = axe.withRules(rules);
  const { violations } = await axe.analyze();
  return violations
    .filter(({ impact }) => GRAVE.includes(impact ?? ''))
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, any, all, none }) => {
        const [first] = [...any, ...all, ...none];
        return `${id} at ${target.join(' ')}: ${first?.message ?? ''}`;
      }),
    );
}
