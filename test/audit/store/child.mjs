// A separate process that uses a project, with the code in dist/: `node child.mjs MODE PROJECT DATASET`.
// MODE write: imports cases and changes them in a loop until it is killed. MODE hold: takes the lock
// and waits. MODE try: opens the project for reading and for writing, and prints the results as JSON.
import path from 'node:path';
import { writeSync } from 'node:fs';
import { setInterval } from 'node:timers';
import {
  createProject,
  openProject,
  openProjectForWriting,
} from '../../../dist/audit/store/project.js';

const [mode, project, dataset] = process.argv.slice(2);
const purpose = `overread ${mode}`;
const say = (text) => writeSync(1, `${text}\n`);

function mask(size, seed) {
  const data = new Uint8Array(size * size);
  for (let at = 0; at < data.length; at++)
    data[at] = (at * 7 + seed * seed * 13 + seed) % 5 === 0 ? 1 : 0;
  return { width: size, height: size, data };
}

function newCase(number) {
  const id = `case ${number}`;
  const sourceFile = path.join(dataset, 'masks', `${id}.png`);
  return {
    id,
    imageFile: path.join(dataset, `${id}.png`),
    imageHash: 'a'.repeat(64),
    image: { width: 24, height: 24, bits: 8 },
    split: null,
    annotator: null,
    labels: [
      { structure: 'lung', mask: mask(24, number), sourceFile },
      { structure: 'heart', mask: mask(24, -number), sourceFile },
    ],
  };
}

async function open() {
  const structures = ['lung', 'heart'].map((name) => ({ name, colour: '#808080' }));
  const origin = { format: 'folders', root: dataset, options: {}, layout: null };
  try {
    return await openProjectForWriting(project, { purpose });
  } catch {
    return createProject(project, { name: 'killed', structures, origin }, purpose);
  }
}

if (mode === 'write') {
  const writer = await open();
  say('ready');
  const by = { author: 'Ada', reason: 'replace' };
  for (let n = writer.counts.cases; ; n += 4) {
    await writer.addCases([n, n + 1, n + 2, n + 3].map(newCase));
    const id = `case ${n}`;
    await writer.addRevision(id, 'lung', mask(24, n + 5000), by);
    writer.setVerdict(id, null, 'accepted', { author: 'Ada', comment: 'good' });
    const run = writer.startRun({ epochs: n });
    const one = { x: 1, y: 1, width: 1, height: 1 };
    const drawn = await writer.drawn(id, 'heart');
    const was = drawn.data[25];
    const [off, on] = [Uint8Array.of(1), Uint8Array.of(0, 1)];
    const stroke = was ? { before: on, after: off } : { before: off, after: on };
    writer.appendStroke(id, 'heart', { ...one, ...stroke }, { author: 'Ada' });
    if (n % 8 === 0) await writer.foldStrokes(id, 'heart', { author: 'Ada' });
    writer.endRun(run.id, { status: 'done', summary: { n } });
  }
} else if (mode === 'hold') {
  await open();
  say('ready');
  setInterval(() => undefined, 1000);
} else if (mode === 'try') {
  const told = {};
  try {
    const reader = await openProject(project);
    told.cases = reader.counts.cases;
    told.findings = await reader.verify();
    reader.close();
  } catch (error) {
    told.reading = `${error.name}: ${error.message}`;
  }
  try {
    (await openProjectForWriting(project, { purpose })).close();
  } catch (error) {
    told.writing = `${error.name}: ${error.message}`;
  }
  say(JSON.stringify(told));
}
