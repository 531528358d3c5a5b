/** Tests the application in a browser from the start screen to the export, on the demo. */
import { findChromium } from './chromium.mjs';
import { DEMO_CASES, makeDemo } from './fixture.ts';
import { openDemo } from './walk.ts';
import { describeWay, inBrowser } from './whole.ts';

describeWay('the whole way, in a browser', {
  skip: findChromium() === null,
  cases: DEMO_CASES,
  prepare: makeDemo,
  open: inBrowser,
  begin: openDemo,
});
