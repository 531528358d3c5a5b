// Starts a Chromium that draws without a GPU (WebGL on SwiftShader, frames composed in software), opens
// pages at the benches' window size, and traces strokes on them.
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { launchChromium } from '../../e2e/chromium.mjs';

/** @throws Error where there is no Chromium */
export const launch = () => launchChromium(['--disable-gpu', '--enable-unsafe-swiftshader']);

export async function openPage(browser, address) {
  const page = await browser.newPage({
    viewport: { width: 1440, height: 900 },
    deviceScaleFactor: 1,
  });
  page.on('pageerror', (error) => console.error(`page: ${error.message}`));
  await page.goto(address, { waitUntil: 'commit', timeout: 120_000 });
  return page;
}

/**
 * Draws one stroke in a spiral about the middle of an element. It sends 60 pointer events a second,
 * whether or not the page keeps up.
 * @returns the browser's trace of the stroke
 */
export async function traceStroke(browser, page, element, { events = 180, reach = 250 } = {}) {
  const box = await element.boundingBox();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const input = await page.context().newCDPSession(page);
  const send = (type, at, buttons) =>
    input.send('Input.dispatchMouseEvent', {
      type,
      ...at,
      button: type === 'mouseMoved' && buttons === 0 ? 'none' : 'left',
      buttons,
      clickCount: type === 'mouseMoved' ? 0 : 1,
    });
  await send('mouseMoved', { x, y }, 0);
  await send('mousePressed', { x, y }, 1);
  // The first dab makes the page create textures and copies. The trace starts after it, to measure the
  // stroke alone.
  await send('mouseMoved', { x: x + 3, y }, 1);
  await sleep(1000);
  await browser.startTracing(page, {
    categories: ['cc', 'benchmark', 'input', 'latencyInfo', 'devtools.timeline'],
  });
  const start = performance.now();
  const answers = [];
  for (let n = 0; n < events; n += 1) {
    const turn = n * 0.09;
    const far = (reach * n) / events;
    const at = { x: x + far * Math.cos(turn), y: y + far * Math.sin(turn) };
    answers.push(send('mouseMoved', at, 1));
    await sleep(Math.max(0, start + (n + 1) * (1000 / 60) - performance.now()));
  }
  await Promise.all(answers);
  // Waits for the last frames, which may reach the trace late.
  const frame = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))';
  for (let n = 0; n < 2; n += 1) await page.evaluate(frame);
  await sleep(1000);
  const trace = JSON.parse((await browser.stopTracing()).toString());
  await send('mouseReleased', { x, y }, 0);
  await sleep(500);
  await input.detach();
  return trace.traceEvents;
}
