/** Builds the sample set of a project from the newest revisions of its labels. */
import type { CaseSummary } from '../contract/terms.ts';
import type { OnProgress } from '../datasets/types.ts';
import { UserError } from '../errors.ts';
import { readImageFile } from '../codecs/index.ts';
import type { GreyImage, Mask } from '../imaging/types.ts';
import type { ProjectReader } from '../store/types.ts';
import type { SampleSetManifest } from '../../models/sampleset.ts';
import { caseGroups } from './groups.ts';
import { packSamples } from './pack.ts';

export interface BuildOptions {
  /** Side of the networks' square input, in pixels. */
  readonly size: number;
  /** The structures, in the order of the networks' channels. */
  readonly structures: readonly string[];
  /**
   * Reads the true mask of a label, or null if that is absent. True masks serve only to report figures.
   * Left out if they are unknown.
   */
  readonly truth?: (id: string, structure: string) => Promise<Mask | null>;
  readonly signal?: AbortSignal;
  readonly onProgress?: OnProgress;
  /** Called with a sentence that the person should read. */
  readonly onNotice?: (message: string) => void;
}

const PAGE = 1000;

type ManifestCase = SampleSetManifest['cases'][number];

const SPLITS: Readonly<Record<string, ManifestCase['split']>> = {
  val: 'validation',
  valid: 'validation',
  validation: 'validation',
  dev: 'validation',
  test: 'test',
  testing: 'test',
};

/**
 * The trainer's split that a split's name in the dataset stands for; `train` for an unknown name or
 * null.
 */
export function splitOf(name: string | null): ManifestCase['split'] {
  return SPLITS[name?.toLowerCase() ?? ''] ?? 'train';
}

/**
 * The manifest's entry for a case. Absent and excluded labels are not `present`: the loss leaves them
 * out.
 */
function manifestCase(
  summary: CaseSummary,
  structures: readonly string[],
  group: number | undefined,
): ManifestCase {
  const labels = structures.map((name) =>
    summary.labels.find(({ structure }) => structure === name),
  );
  return {
    id: summary.id,
    split: splitOf(summary.split),
    ...(group !== undefined && { group }),
    present: labels.map(
      (label) => label !== undefined && label.state !== 'absent' && label.verdict !== 'excluded',
    ),
    masks: labels.map((label) => label?.mask ?? null),
  };
}

/**
 * The cases of the project's sample set, page by page in import order: all cases with a label that
 * the loss uses.
 */
export function* learnedCases(
  project: ProjectReader,
  structures: readonly string[],
): Generator<ManifestCase[]> {
  const groups = caseGroups(project);
  for (let offset = 0; ; offset += PAGE) {
    const page = project.cases({ offset, limit: PAGE });
    yield page
      .map((summary) => manifestCase(summary, structures, groups.get(summary.id)))
      .filter(({ present }) => present.includes(true));
    if (page.length < PAGE) return;
  }
}

/** The manifest of the project's sample set. */
export function projectManifest(
  project: ProjectReader,
  options: Pick<BuildOptions, 'size' | 'structures' | 'truth'>,
): SampleSetManifest {
  return {
    version: 1,
    width: options.size,
    height: options.size,
    structures: [...options.structures],
    truth: options.truth !== undefined,
    cases: [...learnedCases(project, options.structures)].flat(),
  };
}

/**
 * Reads the image of a case; reports a notice if the file changed since the import.
 * @throws UserError if the file cannot be read, or the image's size differs from that at the import
 */
async function readCaseImage(
  project: ProjectReader,
  id: string,
  onNotice?: (message: string) => void,
): Promise<GreyImage> {
  const file = project.imageFile(id);
  const { image, hash } = await readImageFile(file);
  const summary = project.case(id);
  if (image.width !== summary?.width || image.height !== summary.height) {
    throw new UserError(
      `${file} is ${image.width} × ${image.height} pixels now and was ${summary?.width} × ${summary?.height} when it was imported: put the old file back.`,
    );
  }
  if (hash !== summary.imageHash) {
    onNotice?.(`${file} has changed since the import; it is used as it is now.`);
  }
  return image;
}

/**
 * Builds the sample set of a project at `path`, with a few cases in memory at a time. On failure
 * nothing is left at `path`.
 * @throws UserError if the project has no label to learn from, or an image cannot be read
 * @throws AbortError if cancelled
 */
export async function buildSampleSet(
  project: ProjectReader,
  path: string,
  options: BuildOptions,
): Promise<SampleSetManifest> {
  const manifest = projectManifest(project, options);
  if (manifest.cases.length === 0) {
    throw new UserError(
      `${project.folder} has no label to learn from: every label is absent or excluded.`,
    );
  }
  const { truth } = options;
  await packSamples(
    path,
    manifest,
    async (index) => {
      const { id } = manifest.cases[index];
      const each = <T>(read: (structure: string) => Promise<T>): Promise<T[]> =>
        Promise.all(options.structures.map(read));
      return {
        image: await readCaseImage(project, id, options.onNotice),
        labels: await each((structure) => project.mask(id, structure)),
        ...(truth && { truth: await each((structure) => truth(id, structure)) }),
      };
    },
    options,
  );
  return manifest;
}
