// Changes that programs make without a person, in a process that is killed: the steps of a training and of a
// scoring. `node --import hook.mjs store.mjs PROJECT CHANGE`
import { writeSync } from 'node:fs';
import { openProjectForWriting } from '../../../dist/audit/store/project.js';

const [folder, change] = process.argv.slice(2);
const writer = await openProjectForWriting(folder, { purpose: 'test' });
const [last] = writer.runs().toReversed();
const scores = writer.scores(last.id);
globalThis.armKills();
const changes = {
  startRun: () => writer.startRun({ epochs: 2 }),
  resumeRun: () => writer.resumeRun(last.id),
  endRun: () => writer.endRun(last.id, { status: 'failed', error: 'no' }),
  saveScores: () => writer.saveScores('another', scores),
  saveCalibration: () => writer.saveCalibration(last.id, { kind: 'test' }),
  addImportNotices: () =>
    writer.addImportNotices([
      { kind: 'left-out', file: 'a.png', reason: 'is broken.' },
      { kind: 'changed', file: 'b.png', reason: 'was turned.' },
    ]),
};
changes[change]();
writeSync(1, 'done\n');
writer.close();
