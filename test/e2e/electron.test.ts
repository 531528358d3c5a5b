/** Tests the desktop application from the start screen to the export, on the demo. */
import { join } from 'node:path';
import { findDesktop, launch } from '../electron/launch.ts';
import { DEMO_CASES, makeDemo } from './fixture.ts';
import { openDemo } from './walk.ts';
import { describeWay } from './whole.ts';

const desktop = await findDesktop();

describeWay('the whole way, in the desktop application', {
  skip: desktop === null,
  cases: DEMO_CASES,
  prepare: makeDemo,
  open: (ground) =>
    launch(desktop!, ground.config, [], { OVERREAD_DEMO: join(ground.root, 'demo') }),
  begin: openDemo,
});
