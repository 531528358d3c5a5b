/** `overread create`: makes a project from a dataset and leaves the dataset unchanged. */
import { Option } from 'commander';
import { resolve } from 'node:path';
import { unpackDataset } from '../../archive/dataset.ts';
import type { ImportNotice, Progress } from '../../contract/terms.ts';
import { counted, plural } from '../../contract/words.ts';
import { createFromDataset } from '../../datasets/import/create.ts';
import { archiveAt, folderOfArchive, toUnpack } from '../../datasets/tree/archives.ts';
import { openDataset, readFormats } from '../../datasets/registry.ts';
import type { ImportSummary } from '../../datasets/import/import.ts';
import type { Looking } from '../../datasets/types.ts';
import { summariseNotices } from '../../datasets/import/notices.ts';
import { UsageError, UserError } from '../../errors.ts';
import { NOTHING_SAID } from '../../store/columntable.ts';
import type { ProjectReader } from '../../store/types.ts';
import { Cancelled } from '../command.ts';
import type { Register, Session } from '../command.ts';
import { namedValue, nameList } from '../options.ts';
import { readProject } from '../project.ts';
import { isAllowed } from '../question.ts';

interface Options {
  readonly from?: string;
  readonly format?: string;
  readonly images?: string;
  readonly labels?: readonly (readonly [string, string])[];
  readonly masks?: string;
  readonly legend?: string;
  readonly sides?: string;
  readonly labelsFrom?: string;
  readonly manifest?: string;
  readonly structures?: readonly string[];
  readonly unlabelled?: boolean;
  readonly unpack?: boolean;
  readonly json?: boolean;
}

/** At most this many lines are printed for each kind of notice; the project keeps all notices. */
const SHOWN = 20;
/** If more files than this have the same notice, one line with their number stands for all of them. */
const ALIKE = 3;

/** The options of the dataset's reader, taken from those of the command line; paths become absolute. */
function readerOptions(options: Options): Record<string, unknown> {
  const { images, labels, masks, legend, sides, labelsFrom, manifest, structures, unlabelled } =
    options;
  const names = labels?.map(([name]) => name) ?? [];
  if (new Set(names).size < names.length) {
    throw new UsageError('--labels names a structure twice: give one folder for each structure.');
  }
  return {
    ...(images !== undefined && { images: resolve(images) }),
    ...(labels && {
      labels: Object.fromEntries(labels.map(([name, folder]) => [name, resolve(folder)])),
    }),
    ...(masks !== undefined && { masks: resolve(masks) }),
    ...(legend !== undefined && { legend: resolve(legend) }),
    ...(sides !== undefined && { sides }),
    ...(manifest !== undefined && { manifest: resolve(manifest) }),
    ...(labelsFrom !== undefined && { labelsFrom: resolve(labelsFrom) }),
    ...(structures && { structures }),
    ...(unlabelled === true && { unlabelled }),
  };
}

function checkUsage(options: Options): void {
  const { from, images, labels, masks, manifest, format, structures, unlabelled } = options;
  if ((structures || unlabelled === true) && (format ?? 'folders') !== 'folders') {
    throw new UsageError('--structures and --unlabelled belong to --format folders.');
  }
  if (manifest !== undefined) {
    const others = [from, images, labels, masks, structures, unlabelled];
    if (others.some((other) => other !== undefined)) {
      throw new UsageError('Give --manifest alone: it names the images and masks itself.');
    }
    if (format !== undefined && format !== 'manifest') {
      throw new UsageError('--manifest belongs to --format manifest: leave out --format.');
    }
    return;
  }
  if (from === undefined && images === undefined) {
    throw new UsageError(
      'Give the dataset with --from, or its folders with --images and --labels.',
    );
  }
  if (from !== undefined && (images !== undefined || labels !== undefined)) {
    throw new UsageError('Give --from, or --images and --labels, not both.');
  }
  if (images !== undefined && [labels, masks, structures].every((given) => given === undefined)) {
    throw new UsageError(
      'Give --labels NAME=FOLDER for each structure beside --images, or --structures NAMES to draw them.',
    );
  }
}

/** The lines about the notices of an import, for standard error. */
export function describeNotices(notices: readonly ImportNotice[]): string[] {
  const left = notices.filter(({ kind }) => kind === 'left-out');
  const changed = notices.filter(({ kind }) => kind === 'changed');
  const lines: string[] = [];
  for (const [title, list] of [
    ['Left out', left],
    ['Changed by the import', changed],
  ] as const) {
    if (list.length === 0) continue;
    lines.push(`${title} (${list.length}):`);
    const told = summariseNotices(list, ALIKE).flatMap(({ reason, count, files }) =>
      count > ALIKE
        ? [`  ${counted(count, 'file')}, the first ${files[0]}: each ${reason}`]
        : files.map((file) => `  ${file} ${reason}`),
    );
    lines.push(...told.slice(0, SHOWN));
    if (told.length > SHOWN) lines.push(`  … and ${told.length - SHOWN} more (--json lists all)`);
  }
  return lines;
}

/** For example `chest.overread: 12 cases with 36 labels imported (4 were there already)`. */
function describeResult(result: ImportSummary, folder: string): string {
  const known =
    result.known > 0
      ? ` (${result.known} ${plural(result.known, 'was', 'were')} there already)`
      : '';
  const [cases, labels] = [counted(result.cases, 'case'), counted(result.labels, 'label')];
  return `${folder}: ${cases} with ${labels} imported${known}`;
}

/** If there are more splits or annotators than this, only their number is printed. */
const NAMED = 12;

/** A line such as `Splits: train 80, test 20`, and one for the annotators, if the dataset has them. */
export function describeColumns(project: ProjectReader): string[] {
  return (['split', 'annotator'] as const).flatMap((column) => {
    const { values, places } = project.columnTable(column);
    if (values.length === 0) return [];
    const title = column === 'split' ? 'Splits' : 'Annotators';
    if (values.length > NAMED) return [`${title}: ${values.length}`];
    const counts = values.map((value, at) => `${value} ${places.filter((is) => is === at).length}`);
    const none = places.filter((at) => at === NOTHING_SAID).length;
    return [`${title}: ${[...counts, ...(none > 0 ? [`none ${none}`] : [])].join(', ')}`];
  });
}

/** The error that says how far a cancelled import came and how to complete it. */
async function cancelledImport(folder: string, total: number): Promise<Cancelled> {
  const taken = await readProject(folder, ({ counts }) => counts.cases).catch(() => 0);
  return new Cancelled(
    taken === 0
      ? `Cancelled: none of ${counted(total, 'case')} was imported, and there is no project.`
      : `Cancelled: ${taken} of ${counted(total, 'case')} ${plural(taken, 'was', 'were')} imported; run the same command again to complete it.`,
  );
}

/**
 * The dataset to read: what the person named, or the folder into which its archive was unpacked, if the person
 * asked for that or agrees in a terminal.
 */
async function unpackedSource(
  session: Session,
  folder: string,
  { from, unpack, manifest }: Options,
  watch: Looking,
): Promise<string> {
  if (from === undefined || manifest !== undefined) return '';
  const archive = await archiveAt(from);
  const isNamed = archive !== null && archive.file === archive.named;
  if (archive === null || (!isNamed && unpack !== true)) {
    if (unpack !== true) return resolve(from);
    throw new UsageError(
      `--unpack belongs to a ZIP archive, and ${from} is none: leave out --unpack.`,
    );
  }
  if (archive.isPack || !archive.isZip) throw toUnpack(archive);
  const target = folderOfArchive(archive, resolve(folder));
  const question = `${archive.file} is a ZIP archive. Unpack it into ${target}?`;
  if (unpack !== true && !(await isAllowed(session, question))) throw toUnpack(archive);
  const dataset = await unpackDataset(archive.file, target, watch);
  session.terminal.endProgress();
  session.terminal.say(`Unpacked into ${dataset}.`);
  return dataset;
}

export const registerCreate: Register = (program, session) => {
  const { terminal, signal } = session;
  program
    .command('create')
    .description('make a project from a dataset, or complete an interrupted import')
    .argument('<project>', 'the new project folder, for example chest.overread')
    .option(
      '--from <dataset>',
      'the folder of the dataset, or one file of it, such as annotations.json',
    )
    .addOption(
      new Option(
        '--format <name>',
        'format of the dataset (default: recognised from its files)',
      ).choices(readFormats.map(({ name }) => name)),
    )
    .option('--images <dir>', 'the folder of the images')
    .option('--labels <name=dir...>', 'a structure and the folder of its masks', collect)
    .option('--masks <dir>', 'a folder of multi-valued masks')
    .option('--legend <file>', 'JSON file with the structure of each value of a multi-valued mask')
    .option('--structures <names>', 'structures without masks, to be drawn: lung,heart', nameList)
    .option('--unlabelled', 'import images without a mask, too, as cases to label')
    .addOption(
      new Option(
        '--sides <how>',
        'JSRT: join left and right in one structure, or keep them apart',
      ).choices(['joined', 'apart']),
    )
    .option('--manifest <file>', 'a CSV or Parquet table of images, masks and structures')
    .option(
      '--labels-from <dir>',
      'nnU-Net: read the labels from this folder of predictions instead of labelsTr and labelsTs',
    )
    .option(
      '--unpack',
      'if the dataset is a ZIP archive, unpack it into a folder beside the project',
    )
    .option('--json', 'print the result and all notices as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  overread create chest.overread --from datasets/jsrt\n' +
        '  overread create chest.overread --images xrays --labels lung=masks/lung --labels heart=masks/heart\n' +
        '  overread create chest.overread --images xrays --masks masks --legend legend.json\n' +
        '    where legend.json holds {"1": "lung", "2": "heart"}\n' +
        '  overread create chest.overread --images xrays --structures lung,heart',
    )
    .action(async (folder: string, options: Options) => {
      checkUsage(options);
      const given = readerOptions(options);
      const watch = { signal, onProgress: (progress: Progress) => terminal.progress(progress) };
      const source = await unpackedSource(session, folder, options, watch);
      const listing = await openDataset(source, given, options.format, watch);
      if (options.labelsFrom !== undefined && listing.format !== 'nnunet') {
        throw new UsageError('--labels-from belongs to --format nnunet.');
      }
      if (listing.because !== null) {
        terminal.say(`Read as the format "${listing.format}": ${listing.because}.`);
      }
      const { project, result } = await createFromDataset(folder, listing, watch).catch(
        async (error: unknown) => {
          if (!signal.aborted || error instanceof UserError) throw error;
          throw await cancelledImport(folder, listing.cases.length);
        },
      );
      terminal.endProgress();
      const notices = project.importNotices();
      const columns = describeColumns(project);
      project.close();
      if (options.json === true) {
        terminal.print(JSON.stringify({ ...result, notices }, null, 1));
        return;
      }
      for (const line of describeNotices(notices)) terminal.say(line);
      for (const line of [...columns, ...result.warnings]) terminal.say(line);
      terminal.print(describeResult(result, folder));
    });
};

/** Adds one `NAME=FOLDER` to the list `before`. Commander calls this for each value of `--labels`. */
function collect(
  text: string,
  before: readonly (readonly [string, string])[] | undefined,
): (readonly [string, string])[] {
  return namedValue(text, before ?? []);
}
