// Measures Overread's own brush, nudge or live wire, on the review screen of a project.
import { launch, openPage, traceStroke } from './browser.mjs';
import { latencies } from './latency.mjs';
import { makeProject, serveAlone } from './project.mjs';

/** The keys of the tools. */
export const KEYS = { brush: 'b', nudge: 'Shift+N', wire: 'Shift+G' };

/** The diameter of brush or nudge in image pixels, as the page shows it. */
const sizeOf = async (page) =>
  Number(/(\d+) px/.exec(await page.getByRole('group', { name: /^(Brush|Tool)$/ }).innerText())[1]);

/**
 * Sets the brush to the radius, or to the next larger size.
 * @returns the radius that was set, in image pixels
 */
async function setRadius(page, radius) {
  for (let n = 0; n < 60 && (await sizeOf(page)) > 2 * radius; n += 1)
    await page.keyboard.press('[');
  for (let n = 0; n < 60 && (await sizeOf(page)) < 2 * radius; n += 1)
    await page.keyboard.press(']');
  return (await sizeOf(page)) / 2;
}

/**
 * Measures the milliseconds from pointer event to screen for each radius; a live wire has none.
 * @param size side of the image, in pixels
 * @param tool a name of `KEYS`
 */
export async function measureOverread(size, radii, tool = 'brush') {
  const { url, stop } = await serveAlone(await makeProject(size, 1));
  const browser = await launch();
  try {
    const page = await openPage(browser, url);
    const stage = page.locator('canvas[aria-label^="X-ray"]');
    await stage.waitFor({ timeout: 120_000 });
    await page.waitForTimeout(2000);
    await page.keyboard.press(KEYS[tool]);
    // The first stroke is not measured: the browser still compiles code then.
    await traceStroke(browser, page, stage);
    const found = [];
    for (const radius of tool === 'wire' ? [0] : radii) {
      const real = tool === 'wire' ? 0 : await setRadius(page, radius);
      const values = latencies(await traceStroke(browser, page, stage));
      found.push({ radius: real, values });
    }
    return found;
  } finally {
    await browser.close();
    await stop();
  }
}
