// Makes a project of very many cases, and keeps it in the cache folder for the next run. Its 200
// phantoms are each stored under many names, with made-up scores of two trainings.
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { foldersReader } from '../../../dist/audit/datasets/formats/folders/reader.js';
import { writePhantomDataset } from '../../../dist/audit/phantoms/dataset.js';
import { createProject } from '../../../dist/audit/store/project.js';
import { cacheFolder } from '../../../dist/models/folders.js';

const DIFFERENT = 200;
const SIZE = 256;
const STEP = 1000;

/** Random numbers from 0 to 1; the same seed gives the same numbers. */
function numbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Made-up scores of one case's labels: most lie close together, a few far below. */
function scoresOf(id, labels, masks, random) {
  const caseScore = random() < 0.03 ? -3 * random() : 0.5 + 0.2 * random();
  return labels.map(({ structure }, index) => {
    const dice = random() < 0.02 ? 0.4 + 0.4 * random() : 0.93 + 0.05 * random();
    return {
      case: id,
      structure,
      mask: masks[index],
      caseScore,
      learned: caseScore + 0.1 * random(),
      dice,
      disagreement: 1 - dice,
      softmin: dice * dice,
      area: 0.05 + 0.05 * random(),
      proposalArea: 0.05 + 0.05 * random(),
      boundary: 3 * (random() - 0.5),
      boundaryOff: (1 - dice) / 2,
    };
  });
}

/** Makes a project of `count` cases unless it is there already. @returns its folder */
export async function makeLargeProject(count) {
  const root = join(cacheFolder(), 'bench-queue');
  const project = join(root, `cases-${count}.overread`);
  if (existsSync(project)) return project;
  const dataset = join(root, 'phantoms');
  await writePhantomDataset(dataset, {
    count: DIFFERENT,
    size: SIZE,
    seed: 5,
    errorShare: 0.2,
    threads: availableParallelism(),
    onProgress: () => undefined,
  });
  const listing = await foldersReader.open(dataset, {});
  const different = await Promise.all(
    listing.cases.map(async (source) => {
      const { image, hash } = await source.readImage();
      const labels = await Promise.all(
        source.labels.map(async (label) => ({
          structure: label.structure,
          mask: (await label.read(image)).mask,
          sourceFile: label.file,
        })),
      );
      return { image, imageFile: source.imageFile, imageHash: hash, labels };
    }),
  );
  const unfinished = `${project}.part`;
  await rm(unfinished, { recursive: true, force: true });
  const { format, structures, layout } = listing;
  const writer = await createProject(unfinished, {
    name: `${count} cases`,
    structures,
    origin: { format, root: listing.root, options: {}, layout },
  });
  const random = numbers(7);
  // Makes two runs, because the queue also shows each case's rank in the previous run.
  const models = [0, 1].map(() => {
    const { id } = writer.startRun({});
    writer.endRun(id, { status: 'done' });
    return id;
  });
  for (let from = 0; from < count; from += STEP) {
    const ids = Array.from({ length: Math.min(STEP, count - from) }, (_, n) => from + n);
    await writer.addCases(
      ids.map((n) => ({
        id: `case${String(n).padStart(6, '0')}`,
        split: null,
        annotator: null,
        ...different[n % DIFFERENT],
      })),
    );
    const summaries = writer.cases({ offset: from, limit: STEP });
    for (const model of models) {
      const scores = summaries.flatMap(({ id, labels }) =>
        scoresOf(
          id,
          labels,
          labels.map(({ mask }) => mask),
          random,
        ),
      );
      writer.saveScores(model, scores);
    }
    if (from % (count / 10) === 0) console.error(`${from} of ${count} cases`);
  }
  writer.close();
  await rename(unfinished, project);
  return project;
}
