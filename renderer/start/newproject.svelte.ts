/**
 * The draft of a new project: the dataset, its recognised format and structures, and the person's
 * changes. The server previews every change and writes nothing before the import.
 */
import { UnpackDatasetResult } from '../../audit/contract/api.ts';
import type { ImportFormats, ImportPreview, Task } from '../../audit/contract/api.ts';
import { ApiFailure } from '../../audit/contract/client.ts';
import { client, isAbort, sentenceOf } from '../shared/api.ts';
import { notices } from '../shared/notices.svelte.ts';
import { session } from '../shared/session.svelte.ts';
import { folderOptions, freeColour, isUsable, rowProblem } from './structures.ts';
import type { StructureRow } from './structures.ts';

const PAUSE_MS = 350;
const PAGE = 500;

type Case = ImportPreview['cases'][number];
type Format = ImportFormats['formats'][number];

export class NewProject {
  source = $state('');
  /** Formats that can be read; empty until loaded. */
  formats = $state.raw<readonly Format[]>([]);
  /** The format that the person chose; if empty, the server recognises the format. */
  chosen = $state('');
  images = $state('');
  sides = $state<'joined' | 'apart'>('joined');
  /** Path of the table of a CSV or Parquet manifest; empty for the table in the dataset's folder. */
  manifest = $state('');
  /** A folder of predictions that replace the labels; empty for the dataset's own labels. */
  labelsFrom = $state('');
  rows = $state<StructureRow[]>([]);
  project = $state('');
  preview = $state.raw<ImportPreview | null>(null);
  /** The matched images; undefined for those that are not loaded yet. */
  cases = $state.raw<readonly (Case | undefined)[]>([]);
  /** Why the dataset cannot be imported as it is described, in one sentence; else null. */
  problem = $state<string | null>(null);
  /** Whether there is nothing at the path of the dataset. */
  missing = $state(false);
  /** Whether the dataset lies in an archive that can be unpacked. */
  isArchive = $state(false);
  /** Id of the task that unpacks the dataset, from its start until its end; else null. */
  unpacking = $state<string | null>(null);
  looking = $state(false);
  /** Whether the last preview was cancelled. */
  stopped = $state(false);
  /** The import task; null before it starts. */
  task = $state.raw<Task | null>(null);
  /** Whether the person names the folders of the images and of each structure. */
  byHand = $state(false);
  /** Whether images without a mask become cases to label; only for a dataset of folders. */
  unlabelled = $state(false);
  /**
   * The format recognised last. It stays after a preview fails, so that the person can still change the
   * format's options.
   */
  #recognised = $state('');
  #placeTouched = false;
  /** Whether the server has read the dataset with the current options. */
  #isCurrent = false;
  #nextKey = 1;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking: AbortController | null = null;
  readonly #pages = new Set<number>();

  readonly format = $derived(this.preview?.format ?? null);
  readonly reader = $derived(
    this.formats.find(({ format }) => format === (this.chosen || this.#recognised)) ?? null,
  );
  /** Whether the dataset is read as folders of images and masks. */
  readonly byFolder = $derived(this.byHand || this.format === 'folders');
  readonly wanted = $derived(this.rows.filter(({ included }) => included));
  readonly labels = $derived(this.wanted.reduce((sum, { labels }) => sum + labels, 0));
  readonly ready = $derived(
    this.preview !== null &&
      !this.looking &&
      this.problem === null &&
      this.wanted.some((row) => isUsable(row, this.byFolder)) &&
      this.rows.every((_, index) => rowProblem(this.rows, index) === null) &&
      this.project.trim() !== '' &&
      this.preview.place?.problem === null,
  );

  /** Loads the list of formats. */
  async load(): Promise<void> {
    try {
      this.formats = (await client.importFormats()).formats;
    } catch (error) {
      notices.error(sentenceOf(error));
    }
  }

  /** Previews another dataset. */
  choose(source: string): void {
    this.source = source.trim();
    this.read('');
  }

  /** Previews the dataset in another format; if `format` is empty, the server recognises it. */
  read(format: string): void {
    this.chosen = format;
    this.#recognised = '';
    this.sides = 'joined';
    this.manifest = '';
    this.labelsFrom = '';
    this.byHand = false;
    this.unlabelled = false;
    this.rows = [];
    this.images = '';
    this.preview = null;
    this.cases = [];
    this.problem = null;
    this.missing = false;
    this.isArchive = false;
    this.stopped = false;
    this.#isCurrent = false;
    if (!this.#placeTouched) this.project = '';
    if (this.source !== '') void this.look();
  }

  /** Previews again after an option of the format changed; the structures may change, too. */
  optionChanged(): void {
    this.rows = [];
    this.soon();
  }

  /** Lets the person name the structures' folders. */
  nameFolders(): void {
    this.chosen = '';
    this.byHand = true;
    if (this.images === '') this.images = this.source;
    if (this.rows.length === 0) this.add();
  }

  /** Takes the images of the folder as cases without labels; the person names what is to be drawn. */
  drawAll(): void {
    this.chosen = '';
    if (this.images === '') this.images = this.source;
    this.rows = this.rows.filter(({ labels }) => labels > 0);
    this.add(null);
  }

  /** Adds a structure. @param folder null if it has no masks and is to be drawn */
  add(folder: '' | null = ''): void {
    this.byHand = true;
    this.rows.push({
      key: this.#nextKey++,
      name: '',
      colour: freeColour(this.rows),
      folder,
      coded: null,
      labels: 0,
      included: true,
    });
  }

  remove(key: number): void {
    this.rows = this.rows.filter((row) => row.key !== key);
    this.soon();
  }

  /** Previews again after the name or the folder of a structure changed. */
  edited(): void {
    if (this.format === 'folders') this.byHand = true;
    this.soon();
  }

  placed(): void {
    this.#placeTouched = this.project.trim() !== '';
    this.soon(true);
  }

  /**
   * Previews again a moment after the last change.
   * @param known whether the dataset and its options are unchanged: the server need not read it again
   */
  soon(known = false): void {
    if (!known) this.#isCurrent = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.look(), PAUSE_MS);
  }

  #request(): Parameters<typeof client.previewImport>[0] {
    const named = this.byHand && this.images !== '';
    const options = named
      ? folderOptions(this.images, this.rows, this.unlabelled)
      : this.#options();
    const names = this.#usable.map(({ name }) => name.trim());
    const some = names.length > 0 && this.wanted.length < this.rows.length && !named;
    return {
      source: this.source,
      options,
      known: this.#isCurrent,
      limit: PAGE,
      ...(this.chosen !== '' && { format: this.chosen }),
      ...(this.#placeTouched && { project: this.project.trim() }),
      ...(some && { structures: names }),
    };
  }

  get #usable(): readonly StructureRow[] {
    return this.wanted.filter((row) => isUsable(row, this.byFolder));
  }

  /** The format's options that the person set. */
  #options(): Record<string, unknown> {
    const has = (option: Format['options'][number]) => this.reader?.options.includes(option);
    const manifest = this.manifest.trim();
    const labelsFrom = this.labelsFrom.trim();
    return {
      ...(has('sides') && { sides: this.sides }),
      ...(has('manifest') && manifest !== '' && { manifest }),
      ...(this.byFolder && this.unlabelled && { unlabelled: true }),
      ...(has('labelsFrom') && labelsFrom !== '' && { labelsFrom }),
    };
  }

  async look(): Promise<void> {
    this.close();
    if (this.source === '' && this.images === '') return;
    const incomplete = this.rows.some(
      (row, index) => rowProblem(this.rows, index) !== null || (row.included && row.folder === ''),
    );
    if (this.byHand && incomplete) return;
    const asking = new AbortController();
    this.#asking = asking;
    this.looking = true;
    this.stopped = false;
    try {
      this.#take(await client.previewImport(this.#request(), asking.signal));
    } catch (error) {
      if (isAbort(error)) return;
      this.#isCurrent = false;
      this.preview = null;
      this.stopped = error instanceof ApiFailure && error.code === 'cancelled';
      this.missing = error instanceof ApiFailure && error.code === 'not-found';
      this.problem = this.stopped ? null : sentenceOf(error);
      this.isArchive = error instanceof ApiFailure && error.code === 'archive';
    } finally {
      if (this.#asking === asking) this.looking = false;
    }
  }

  /** Unpacks the dataset's archive into a new folder beside it. */
  async unpack(): Promise<void> {
    try {
      this.unpacking = (await client.unpackDataset(this.source)).id;
    } catch (error) {
      this.problem = sentenceOf(error);
    }
  }

  /** Previews the unpacked dataset, or says why it was not unpacked. */
  unpacked({ state, result, error }: Task): void {
    this.unpacking = null;
    const made = UnpackDatasetResult.safeParse(result);
    if (state === 'done' && made.success) this.choose(made.data.folder);
    else if (state === 'failed') this.problem = error;
  }

  #take(preview: ImportPreview): void {
    this.preview = preview;
    this.#isCurrent = true;
    this.#recognised = preview.format;
    this.problem = null;
    this.missing = false;
    this.isArchive = false;
    if (!this.#placeTouched) this.project = preview.place?.folder ?? '';
    const cases = new Array<Case | undefined>(preview.total);
    preview.cases.forEach((item, index) => (cases[index] = item));
    this.cases = cases;
    this.#pages.clear();
    this.#pages.add(0);
    if (preview.images !== null) this.images = preview.images;
    if (!this.byHand && this.wanted.length === this.rows.length) {
      const before = new Map(this.rows.map((row) => [row.name, row]));
      this.rows = preview.structures.map((structure) => {
        const former = before.get(structure.name);
        const { name, colour, folder, coded, labels } = structure;
        const usable = labels > 0 || (preview.format === 'folders' && folder === null);
        return {
          key: former?.key ?? this.#nextKey++,
          name,
          colour: former?.colour ?? colour,
          folder,
          coded,
          labels,
          included: usable && (former?.included ?? true),
        };
      });
      return;
    }
    const found = new Map(preview.structures.map((structure) => [structure.name, structure]));
    for (const row of this.rows) {
      const now = found.get(row.name.trim());
      if (now) row.labels = now.labels;
      else if (row.included) row.labels = 0;
    }
  }

  /** Loads the page of matched images that holds `index`, unless it was loaded. */
  async need(index: number): Promise<void> {
    const page = Math.floor(index / PAGE);
    if (this.#pages.has(page) || index >= this.cases.length) return;
    this.#pages.add(page);
    try {
      const more = await client.previewImport({ ...this.#request(), offset: page * PAGE });
      if (more.total !== this.cases.length) return;
      const cases = [...this.cases];
      more.cases.forEach((item, i) => (cases[page * PAGE + i] = item));
      this.cases = cases;
    } catch {
      this.#pages.delete(page);
    }
  }

  /** Starts the import. */
  async start(): Promise<void> {
    const { source, options } = this.#request();
    // Imports in the previewed format, even if the server would recognise another format by now.
    const format = this.preview?.format;
    const structures = this.#usable.map(({ name, colour }) => ({ name: name.trim(), colour }));
    try {
      this.task = await client.importDataset({
        source: source ?? '',
        options: options ?? {},
        ...(format !== undefined && { format }),
        structures,
        project: this.project.trim(),
      });
    } catch (error) {
      notices.error(sentenceOf(error));
    }
  }

  /** Stops the running preview. */
  close(): void {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    const look = this.looking ? session.running('look') : null;
    // The desktop's protocol does not report an aborted request, so the server's task is cancelled, too.
    if (look !== null) void client.cancelTask(look.id).catch(() => undefined);
  }
}
