/**
 * The writer `nnunet`: copies all channels of the images, and writes each label file with the header and
 * type of number that it had. It writes `dataset.json` and `splits_final.json` without the cases that
 * were left out.
 */
import { readdir } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { ownLayout } from '../../export/own-layout.ts';
import { putValues } from '../../export/put-values.ts';
import { isFile, putBytes, putCopy } from '../../export/target-folder.ts';
import { foreseeValues } from '../../masks/losses.ts';
import { DATASET_FILE, FOLDS_FILE, Folds, NnunetLayout, channelOf } from './layout.ts';
import { leftOut } from '../../import/notices.ts';
import { writeCases } from '../../export/write-cases.ts';
import { isWithin, portable, withSlashes } from '../../tree/places.ts';
import type { ImportNotice } from '../../../contract/terms.ts';
import type { DatasetWriter, ExportedCase, WriteOptions } from '../../types.ts';
import { idOf } from '../../tree/walk.ts';
import { readRegular } from '../../../regular.ts';

const TRAINING = 'imagesTr';

/** Finds the files of all channels of a case; reads each folder once. */
class Channels {
  readonly #folders = new Map<string, Promise<ReadonlyMap<string, readonly string[]>>>();

  async of(imageFile: string): Promise<readonly string[]> {
    const folder = dirname(imageFile);
    const listed = this.#folders.get(folder) ?? this.#list(folder);
    this.#folders.set(folder, listed);
    const own = channelOf(idOf(basename(imageFile)));
    if (own.channel !== 0) return [imageFile];
    return (await listed).get(own.name) ?? [imageFile];
  }

  async #list(folder: string): Promise<ReadonlyMap<string, readonly string[]>> {
    const files = new Map<string, string[]>();
    for (const file of await readdir(folder)) {
      const { name, channel } = channelOf(idOf(file));
      if (channel === null) continue;
      files.set(name, [...(files.get(name) ?? []), join(folder, file)]);
    }
    return files;
  }
}

interface Job {
  readonly out: string;
  readonly layout: NnunetLayout;
  readonly options: WriteOptions;
  readonly channels: Channels;
}

async function writeCase(job: Job, item: ExportedCase): Promise<ImportNotice[]> {
  const { out, layout, options } = job;
  const set = layout.sets.find(({ images }) =>
    isWithin(item.imageFile, join(options.root, images)),
  );
  if (set === undefined) {
    return [leftOut(item.imageFile, 'does not lie in the dataset any more: left out.')];
  }
  for (const file of await job.channels.of(item.imageFile)) {
    await putCopy(out, portable(options.root, file), file, options.link);
  }
  const folder = join(options.root, set.labels.from);
  const pathOf = (source: string) => {
    const place = isWithin(source, folder) ? relative(folder, source) : basename(source);
    return `${set.labels.to}/${withSlashes(place)}`;
  };
  return putValues(out, pathOf, item, layout.structures);
}

const Described = z.looseObject({
  numTraining: z.number().optional(),
  training: z.array(z.looseObject({ image: z.string() })).optional(),
});

/**
 * Writes `dataset.json` with the number of exported training cases. If the file lists these cases
 * (version 1), the cases that were left out are removed from the list.
 */
async function writeDescription(job: Job, training: ReadonlySet<string>): Promise<void> {
  const source = join(job.options.root, DATASET_FILE);
  const described = Described.safeParse(JSON.parse(await readRegular(source, 'utf8')));
  const listed = described.data?.training;
  const kept = listed?.filter(({ image }) => {
    const id = idOf(basename(image));
    return training.has(id) || training.has(channelOf(id).name);
  });
  if (
    !described.success ||
    (described.data.numTraining === training.size && kept?.length === listed?.length)
  ) {
    return putCopy(job.out, DATASET_FILE, source);
  }
  const own = { ...described.data, numTraining: training.size, ...(kept && { training: kept }) };
  return putBytes(job.out, DATASET_FILE, `${JSON.stringify(own, null, 4)}\n`);
}

/** Writes the folds without the cases that were left out. */
async function writeFolds(job: Job, training: ReadonlySet<string>): Promise<void> {
  const source = join(job.options.root, FOLDS_FILE);
  if (!(await isFile(source))) return;
  const text = await readRegular(source, 'utf8');
  const written = (ids: readonly string[]) => ids.filter((id) => training.has(id.normalize('NFC')));
  let kept: unknown = null;
  try {
    const folds = Folds.parse(JSON.parse(text));
    const all = folds.flatMap(({ train, val }) => [...train, ...val]);
    if (written(all).length < all.length) {
      kept = folds.map(({ train, val }) => ({ train: written(train), val: written(val) }));
    }
  } catch {
    // A file that is not a list of folds is copied below as it is.
  }
  if (kept === null) await putCopy(job.out, FOLDS_FILE, source);
  else await putBytes(job.out, FOLDS_FILE, `${JSON.stringify(kept, null, 4)}\n`);
}

export const nnunetWriter: DatasetWriter = {
  holds: null,
  folders: (root, layout) => {
    const parsed = NnunetLayout.safeParse(layout);
    const labels = parsed.success ? parsed.data.sets.map((set) => join(root, set.labels.from)) : [];
    return [root, ...new Set(labels.filter((folder) => !isWithin(folder, root)))];
  },
  open: (given, options) => {
    const layout = ownLayout(NnunetLayout, given, 'nnunet', 'folders');
    return {
      foresee: (item) => foreseeValues(item, layout.structures),
      write: async (out, cases) => {
        const job: Job = { out, layout, options, channels: new Channels() };
        const training = new Set<string>();
        const notices = await writeCases(cases, (item) => {
          if (isWithin(item.imageFile, join(options.root, TRAINING))) training.add(item.id);
          return writeCase(job, item);
        });
        await writeDescription(job, training);
        await writeFolds(job, training);
        return notices;
      },
    };
  },
};
