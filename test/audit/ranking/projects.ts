/** Makes one project of each kind that the ranking treats differently. */
import { join } from 'node:path';
import { createProject, openProjectForWriting } from '../../../audit/store/project.ts';
import type { LabelScore, ProjectWriter } from '../../../audit/store/types.ts';
import { makeProject } from '../server/project.ts';
import { scoreOf } from './scores.ts';

const AUTHOR = { author: 'Ada' };
const SIDE = 64;
const mask = (on: number) => ({
  width: SIDE,
  height: SIDE,
  data: new Uint8Array(SIDE * SIDE).fill(1, 0, on),
});

export interface Shape {
  readonly cases: number;
  /** The names of the structures; default: lung and heart. */
  readonly structures?: readonly string[];
  /** Whether the case at `index` has a label of the structure; default: every case has every label. */
  readonly drawn?: (index: number, structure: number) => boolean;
  /** For each training, the oldest first: the score of a label, or null if it did not score the label. */
  readonly runs: readonly ((index: number, structure: number) => Partial<LabelScore> | null)[];
  /** The calibration that is saved with the newest run; default: none. */
  readonly calibration?: unknown;
  /** Called after the trainings, to change the project as a person would; default: no change. */
  readonly then?: (project: ProjectWriter) => Promise<void>;
}

/** The name of a case; the names are not in the order of import. */
export const idOf = (index: number): string => `case ${String((index * 7) % 100).padStart(2, '0')}`;

/** Makes a project of `shape` in `root`. @returns the project's folder */
export async function makeRanked(root: string, shape: Shape): Promise<string> {
  const { cases, structures = ['lung', 'heart'], drawn = () => true, runs } = shape;
  const folder = join(root, 'p.overread');
  const project = await createProject(folder, {
    name: 'p',
    structures: structures.map((name) => ({ name, colour: '#5db2ff' })),
    origin: { format: 'folders', root, options: {}, layout: null },
  });
  const ids = Array.from({ length: cases }, (_, index) => idOf(index));
  await project.addCases(
    ids.map((id, index) => ({
      id,
      imageFile: join(root, `${id}.png`),
      imageHash: 'cd'.repeat(32),
      image: { width: SIDE, height: SIDE, bits: 8 },
      split: null,
      annotator: null,
      labels: structures.flatMap((structure, s) =>
        drawn(index, s)
          ? [{ structure, mask: mask(100 + index), sourceFile: `${structure}.png` }]
          : [],
      ),
    })),
  );
  for (const scored of runs) {
    const { id: run } = project.startRun({});
    const scores = ids.flatMap((id, index) =>
      structures.flatMap((structure, s) => {
        const values = scored(index, s);
        return values === null ? [] : [scoreOf(id, structure, values)];
      }),
    );
    project.saveScores(run, scores);
    project.endRun(run, { status: 'done' });
  }
  const newest = project.lastRun();
  if (shape.calibration !== undefined && newest) {
    project.saveCalibration(newest.id, shape.calibration);
  }
  await shape.then?.(project);
  project.close();
  return folder;
}

/** Scores that differ from label to label as if they were random, but are the same for the same seed. */
export const scattered =
  (seed: number) =>
  (index: number, structure: number): Partial<LabelScore> => {
    const at = (step: number): number =>
      (((index + 1) * step + (structure + 1) * 29 + seed) % 97) / 97;
    return {
      learned: at(31) - structure,
      caseScore: ((index + 1) * 13 + seed) % 41,
      disagreement: 0.02 + at(17) / 10,
      softmin: 0.6 + at(53) / 5,
      dice: 0.85 + at(17) / 8,
      area: 0.1 + at(71) / 50,
      boundary: 3 * at(43) - 1.5,
      boundaryOff: at(43) / 4,
    };
  };

const absent = (id: string, structure: string) => (project: ProjectWriter) =>
  project.addRevision(id, structure, null, { ...AUTHOR, reason: 'replace' });

/** A calibration with a table of two knots, in which a higher agreement means a higher expected dice. */
const calibration = {
  version: 2,
  structures: Object.fromEntries(
    ['lung', 'heart'].map((name) => [
      name,
      {
        drawn: {
          learned: { centre: 0, scale: 1 },
          coefficients: [0, 0.5, 0, 0.5, 0, 0, 0, 0, 0, 0],
          knots: [0.8, 1],
          dice: [0.7, 1],
          low: [0.5, 0.9],
          high: [0.9, 1],
          trusted: 10,
          planted: 10,
        },
        empty: null,
      },
    ]),
  ),
};

/** Scores with three extreme lungs, which change the spread of the lungs' scores unless they are removed. */
const farOut = (index: number, structure: number): Partial<LabelScore> =>
  index < 3 && structure === 0
    ? { ...scattered(0)(index, structure), learned: -50 * (index + 1), softmin: 0.01, area: 0.9 }
    : scattered(0)(index, structure);

const made = (shape: Shape) => (root: string) => makeRanked(root, shape);

/** For each kind of project: its name, and the function that makes it and returns its folder. */
export const PROJECTS: readonly (readonly [string, (root: string) => Promise<string>])[] = [
  ['every label drawn', made({ cases: 24, runs: [scattered(0)] })],
  ['two trainings', made({ cases: 24, runs: [scattered(5), scattered(0)] })],
  [
    'labels removed after the training',
    made({
      cases: 9,
      runs: [scattered(5), farOut],
      then: async (project) => {
        await absent(idOf(0), 'lung')(project);
        await absent(idOf(1), 'lung')(project);
      },
    }),
  ],
  [
    'few labels left after removals',
    made({
      cases: 4,
      runs: [farOut],
      then: async (project) => {
        await absent(idOf(0), 'lung')(project);
      },
    }),
  ],
  [
    'a case without any label',
    made({
      cases: 12,
      runs: [scattered(3), farOut],
      then: async (project) => {
        await absent(idOf(2), 'lung')(project);
        await absent(idOf(2), 'heart')(project);
      },
    }),
  ],
  [
    'a removed label that was drawn again',
    made({
      cases: 12,
      runs: [farOut],
      then: async (project) => {
        await absent(idOf(1), 'lung')(project);
        await project.addRevision(idOf(1), 'lung', mask(9), { ...AUTHOR, reason: 'stroke' });
      },
    }),
  ],
  [
    'excluded, flagged and fixed labels',
    made({
      cases: 12,
      runs: [farOut],
      then: async (project) => {
        project.setVerdict(idOf(0), 'lung', 'excluded', AUTHOR);
        project.setVerdict(idOf(1), null, 'flagged', AUTHOR);
        project.setVerdict(idOf(2), null, 'accepted', AUTHOR);
        await project.addRevision(idOf(3), 'lung', mask(9), { ...AUTHOR, reason: 'stroke' });
        project.setVerdict(idOf(3), 'lung', 'fixed', AUTHOR);
      },
    }),
  ],
  [
    'a structure that most cases lack',
    made({
      cases: 20,
      drawn: (index, s) => s === 0 || index % 5 === 0,
      runs: [
        (index, s) => (s === 0 || index % 5 === 0 ? scattered(5)(index, s) : null),
        (index, s) => (s === 0 || index % 5 === 0 ? scattered(0)(index, s) : null),
      ],
    }),
  ],
  [
    'scores of labels that nobody drew',
    made({
      cases: 14,
      drawn: (index, s) => s === 0 || index % 4 !== 1,
      runs: [scattered(2), farOut],
    }),
  ],
  [
    'labels that no training scored',
    made({ cases: 12, runs: [(index, s) => (index % 3 === s ? null : scattered(1)(index, s))] }),
  ],
  ['equal scores for all labels', made({ cases: 6, runs: [() => ({})] })],
  [
    'many ties',
    made({
      cases: 16,
      runs: [(index) => scattered(0)(index % 3, 0), (index) => scattered(4)(index % 4, 0)],
      then: async (project) => {
        await absent(idOf(5), 'heart')(project);
      },
    }),
  ],
  ['one label', made({ cases: 1, structures: ['lung'], runs: [scattered(0)] })],
  [
    'a QAM alone',
    made({
      cases: 9,
      runs: [
        (index, s) => ({
          ...scattered(0)(index, s),
          ...{ dice: null, disagreement: null, softmin: null },
          ...{ proposalArea: null, boundary: null, boundaryOff: null },
        }),
      ],
      then: async (project) => {
        await absent(idOf(0), 'lung')(project);
      },
    }),
  ],
  ['a calibrated training', made({ cases: 18, runs: [farOut], calibration })],
  ['the project of the tests of the server', (root) => makeProject(root, 12)],
  [
    'the project of the tests of the server, with a label removed',
    async (root) => {
      const folder = await makeProject(root, 12);
      const project = await openProjectForWriting(folder, { purpose: 'test' });
      await absent('case 11', 'lung')(project);
      project.close();
      return folder;
    },
  ],
  ['nothing scored', made({ cases: 3, runs: [] })],
];
