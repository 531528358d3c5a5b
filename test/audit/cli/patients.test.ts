/** The names of patients in a DICOM dataset get into no file but the project's database. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { binary, encodeDicom, newUid, numbers, text } from '../../../audit/codecs/dicom/encode.ts';
import { parseDicom } from '../../../audit/codecs/dicom/data.ts';
import { codesOf } from '../../../audit/datasets/formats/dicom/codes.ts';
import { segmentationFile, sourceOf } from '../../../audit/datasets/formats/dicom/objects.ts';
import { exportDataset } from '../../../audit/datasets/export/export.ts';
import { formatsToWrite } from '../../../audit/datasets/registry.ts';
import { walk } from '../../../audit/datasets/tree/walk.ts';
import { buildSampleSet } from '../../../audit/samples/build.ts';
import { createApp } from '../../../audit/server/http/app.ts';
import { createContext } from '../../../audit/server/http/context.ts';
import { Home } from '../../../audit/server/home/home.ts';
import { openFor } from '../../../audit/server/routes/projects.ts';
import { openProject, openProjectForWriting } from '../../../audit/store/project.ts';
import { scoreOf } from '../ranking/scores.ts';
import { truth, writeSegmenter } from '../scoring/fixture.ts';
import { overread, removeFolder, temporaryFolder } from './overread.ts';

const DX = '1.2.840.10008.5.1.4.1.1.1.1';
const CT = '1.2.840.10008.5.1.4.1.1.2';
const SIZE = 64;
const CASES = 4;
/** DICOM elements that identify a patient, each as tag, value representation and value. */
const ABOUT: readonly (readonly [number, string, string])[] = [
  [0x00100010, 'PN', 'Zzyzx^Quenby'],
  [0x00100020, 'LO', 'PID-7Q4X'],
  [0x00101000, 'LO', 'OTHER-7Q4X'],
  [0x00101001, 'PN', 'Maiden^Quenby'],
  [0x00101040, 'LO', '7 Quagmire Lane'],
  [0x00102154, 'SH', '0555-7474747'],
  [0x00100030, 'DA', '19310207'],
  [0x00104000, 'LT', 'Quenby likes tea'],
  [0x00080050, 'SH', 'ACC-7Q4X'],
  [0x00080090, 'PN', 'Referrer^Quill'],
  [0x00080080, 'LO', 'Quagmire Hospital'],
  [0x00081030, 'LO', 'Study of Quenby'],
  [0x00200010, 'SH', 'SID-7Q4X'],
  [0x0020000d, 'UI', '1.2.3.7474747.1'],
];
const MARKERS = ABOUT.flatMap(([, , value]) => value.split('^'));

/** The markers found in `bytes`, and in the base64 pictures that `bytes` may contain. */
function told(bytes: Uint8Array | string): string[] {
  const own = Buffer.from(bytes).toString('latin1');
  const pictures = [...own.matchAll(/data:[\w/+.-]+;base64,([\w+/=]+)/g)].map(([, coded]) =>
    Buffer.from(coded, 'base64').toString('latin1'),
  );
  return MARKERS.filter((marker) => [own, ...pictures].some((one) => one.includes(marker)));
}

/** Each file of a folder → the markers found in its name and content. */
async function toldIn(folder: string): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const { relative, path } of await walk(folder)) {
    found[relative] = [...told(relative), ...told(await readFile(path))];
  }
  return found;
}

/** A radiograph as a DICOM file, with a bright lung, a dark heart and all elements of `ABOUT`. */
function radiograph(index: number, sopClass = DX): Buffer {
  const { lung, heart } = truth(index);
  const samples = lung.data.map((inside, at) => (inside ? 220 : heart.data[at] ? 5 : 100 + index));
  return encodeDicom(sopClass, newUid(), [
    ...ABOUT.map(([tag, vr, value]) => text(tag, vr, value)),
    text(0x00080060, 'CS', sopClass === CT ? 'CT' : 'DX'),
    text(0x0020000e, 'UI', newUid()),
    numbers(0x00280002, 'US', 1),
    text(0x00280004, 'CS', 'MONOCHROME2'),
    numbers(0x00280010, 'US', SIZE),
    numbers(0x00280011, 'US', SIZE),
    numbers(0x00280100, 'US', 8),
    numbers(0x00280101, 'US', 8),
    numbers(0x00280102, 'US', 7),
    numbers(0x00280103, 'US', 0),
    binary(0x7fe00010, 'OB', samples),
  ]);
}

/** Writes images, their labels as DICOM-SEG, and files that an import leaves out with a notice. */
async function layDataset(root: string): Promise<void> {
  await mkdir(join(root, 'labels'), { recursive: true });
  for (let index = 0; index < CASES; index += 1) {
    const image = radiograph(index);
    const masks = Object.entries(truth(index)).map(([label, mask]) => ({
      ...codesOf(label),
      label,
      algorithm: { type: 'MANUAL', name: '' },
      mask,
    }));
    await writeFile(join(root, `IM${index}`), image);
    await writeFile(
      join(root, 'labels', `S${index}`),
      segmentationFile(sourceOf(parseDicom(image)), masks),
    );
    if (index === 0) await writeFile(join(root, 'IM0 again.dcm'), image);
  }
  await writeFile(join(root, 'unlabelled.dcm'), radiograph(9));
  await writeFile(join(root, 'slice.dcm'), radiograph(9, CT));
  await writeFile(join(root, 'cut.dcm'), radiograph(9).subarray(0, 700));
}

let folder = '';
let root = '';
let project = '';

beforeAll(async () => {
  folder = await temporaryFolder();
  root = join(folder, 'dicom');
  project = join(folder, 'p.overread');
  await layDataset(root);
});
afterAll(() => removeFolder(folder));

/** Adds a finished run with a segmenter and scores to the project, as a training does. */
async function addRun(): Promise<void> {
  const writer = await openProjectForWriting(project, { purpose: 'test' });
  try {
    const run = writer.startRun({});
    await mkdir(writer.runFolder(run.id), { recursive: true });
    writeSegmenter(join(writer.runFolder(run.id), 'segmenter.onnx'));
    const scores = writer
      .cases()
      .flatMap(({ id, labels }) =>
        labels.map(({ structure, mask }, at) =>
          scoreOf(id, structure, { learned: -at, mask: mask ?? '' }),
        ),
      );
    writer.saveScores(run.id, scores);
    writer.endRun(run.id, { status: 'done' });
  } finally {
    writer.close();
  }
}

/**
 * Opens the project in a server and asks for the picture of each case.
 * @returns the server's log, the pictures, and the folder of its settings
 */
async function lookedAt(): Promise<{ logged: string; pictures: Buffer[]; home: string }> {
  let logged = '';
  const sink = new Writable({
    write: (chunk: Buffer, _, done) => {
      logged += chunk.toString();
      done();
    },
  });
  const home = join(folder, 'home');
  const context = createContext({ log: pino({ level: 'trace' }, sink), home: new Home(home) });
  const app = createApp(context);
  const pictures: Buffer[] = [];
  try {
    await openFor(context, project);
    for (let index = 0; index < CASES; index += 1) {
      const answer = await app.fetch(
        new Request(`http://overread.test/api/cases/IM${index}/picture?size=128`),
      );
      expect(answer.status).toBe(200);
      pictures.push(Buffer.from(await answer.arrayBuffer()));
    }
    context.log.warn('The log is written.');
  } finally {
    await context.close();
  }
  return { logged, pictures, home };
}

it('names of patients get into no output, log, picture, report, sample set or export', async () => {
  // Checks `toldIn` itself: it must find the markers in the dataset.
  const given = await toldIn(root);
  expect(given['IM1']).toEqual(MARKERS);
  expect(given['labels/S1']).toEqual(expect.arrayContaining(['Zzyzx', 'PID-7Q4X', 'ACC-7Q4X']));

  const said: string[] = [];
  const command = async (...args: string[]): Promise<string> => {
    const { code, out, err } = await overread(...args);
    expect([args[0], code, err]).toEqual([args[0], 0, err]);
    said.push(out, err);
    return out + err;
  };
  const created = await command('create', project, '--from', root, '--format', 'dicom');
  for (const name of ['IM0 again', 'unlabelled', 'slice', 'cut']) expect(created).toContain(name);
  await addRun();
  await command('rank', project);
  await command('rank', project, '--per', 'label', '--json');
  await command('rank', project, '--format', 'csv');
  await command('verdict', project, 'IM1', '--structure', 'lung', 'flagged');
  await command('history', project);
  await command('history', project, 'IM1');
  await command('verify', project);
  await command('report', project, join(folder, 'report'));
  await command('export', project, '--dry-run', '--format', 'coco');
  await command('export', project, join(folder, 'out', 'coco'), '--format', 'coco');
  // A question about an unknown patient must not be answered with the names of others.
  const unknown = await overread('rank', project, '--patient', 'nobody');
  said.push(unknown.out, unknown.err);
  expect(told(said.join('\n'))).toEqual([]);

  const reader = await openProject(project);
  try {
    // The project's database does hold the patient of each case.
    expect(reader.cases().map(({ patient }) => patient)).toEqual(Array(CASES).fill('PID-7Q4X'));
    expect(reader.auditLog().length).toBeGreaterThan(1);
    expect(reader.importNotices().length).toBeGreaterThan(3);
    expect(told(JSON.stringify([reader.auditLog(), reader.importNotices()]))).toEqual([]);
    const others = formatsToWrite('dicom').filter(({ name }) => !/^(dicom|coco)/.test(name));
    for (const { name: format } of others) {
      const result = await exportDataset(reader, join(folder, 'out', format), { format });
      expect([format, told(JSON.stringify(result))]).toEqual([format, []]);
    }
    expect(others.length).toBeGreaterThan(3);
    const samples = join(folder, 'samples', 'set.bin');
    await mkdir(dirname(samples));
    await buildSampleSet(reader, samples, { size: 32, structures: ['lung', 'heart'] });
  } finally {
    reader.close();
  }

  const { logged, pictures, home } = await lookedAt();
  expect(logged).toContain('The log is written.');
  // The server has also written the picture of the project for the start screen, into the project's cache.
  expect(Object.keys(await toldIn(join(project, 'cache')))).toContain('card.png');
  expect(pictures.map((png) => png.subarray(1, 4).toString())).toEqual(Array(CASES).fill('PNG'));
  expect([told(logged), ...pictures.map(told)]).toEqual(Array(CASES + 1).fill([]));
  for (const place of [
    join(folder, 'report'),
    join(folder, 'out'),
    join(folder, 'samples'),
    join(project, 'cache'),
    home,
  ]) {
    const files = await toldIn(place);
    expect([basename(place), Object.keys(files).length > 0]).toEqual([basename(place), true]);
    expect(Object.entries(files).filter(([, markers]) => markers.length > 0)).toEqual([]);
  }
}, 300_000);
