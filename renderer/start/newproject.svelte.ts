/**
 * A new project before it is one: which dataset, what was recognised in it, and what the person
 * makes of it. Every change is previewed by the server, which writes nothing until the import.
 */
import type { ImportPreview, Task } from '../../audit/contract/api.ts';
import { ApiFailure } from '../../audit/contract/client.ts';
import { client, isAbort, sentenceOf } from '../shared/api.ts';
import { notices } from '../shared/notices.svelte.ts';
import { baseName, folderOf, joinPath } from '../shared/paths.ts';
import { session } from '../shared/session.svelte.ts';
import { folderOptions, freeColour, rowProblem } from './structures.ts';
import type { StructureRow } from './structures.ts';

const PAUSE_MS = 350;
const PAGE = 500;

type Case = ImportPreview['cases'][number];

export class NewProject {
  source = $state('');
  images = $state('');
  sides = $state<'joined' | 'apart'>('joined');
  rows = $state<StructureRow[]>([]);
  project = $state('');
  preview = $state.raw<ImportPreview | null>(null);
  /** Pages of matched images as they were looked at. */
  cases = $state.raw<readonly (Case | undefined)[]>([]);
  /** Why the dataset cannot be imported as it is described, in one sentence. */
  problem = $state<string | null>(null);
  looking = $state(false);
  /** The last look was cancelled. */
  stopped = $state(false);
  /** The import, once it was agreed to. */
  task = $state.raw<Task | null>(null);
  /** Folders are named one by one instead of being recognised. */
  byHand = $state(false);
  #placeTouched = false;
  #nextKey = 1;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking: AbortController | null = null;
  readonly #pages = new Set<number>();

  readonly format = $derived(this.preview?.format ?? null);
  readonly wanted = $derived(this.rows.filter(({ included }) => included));
  readonly labels = $derived(this.wanted.reduce((sum, { labels }) => sum + labels, 0));
  readonly ready = $derived(
    this.preview !== null &&
      !this.looking &&
      this.problem === null &&
      this.wanted.some(({ labels }) => labels > 0) &&
      this.rows.every((_, index) => rowProblem(this.rows, index) === null) &&
      this.project.trim() !== '' &&
      this.preview.place?.problem === null,
  );

  /** Another dataset: it is looked at anew. */
  choose(source: string): void {
    this.source = source.trim();
    this.byHand = false;
    this.rows = [];
    this.images = '';
    this.preview = null;
    this.cases = [];
    this.problem = null;
    this.stopped = false;
    if (!this.#placeTouched) this.project = this.source === '' ? '' : placeBeside(this.source);
    if (this.source !== '') void this.look();
  }

  /** The structures' folders are named by the person. */
  nameFolders(): void {
    this.byHand = true;
    if (this.images === '') this.images = this.source;
    if (this.rows.length === 0) this.add();
  }

  add(): void {
    this.byHand = true;
    this.rows.push({
      key: this.#nextKey++,
      name: '',
      colour: freeColour(this.rows),
      folder: '',
      value: null,
      labels: 0,
      included: true,
    });
  }

  remove(key: number): void {
    this.rows = this.rows.filter((row) => row.key !== key);
    this.soon();
  }

  /** A name or a folder changed: what was recognised no longer says it all. */
  edited(): void {
    if (this.format === 'folders') this.byHand = true;
    this.soon();
  }

  placed(): void {
    this.#placeTouched = this.project.trim() !== '';
    this.soon();
  }

  /** Looks again a moment after the last change. */
  soon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.look(), PAUSE_MS);
  }

  #request(): Parameters<typeof client.previewImport>[0] {
    const named = this.byHand && this.images !== '';
    const options = named
      ? folderOptions(this.images, this.rows)
      : this.format === 'jsrt' || this.sides === 'apart'
        ? { sides: this.sides }
        : {};
    const names = this.wanted.filter(({ labels }) => labels > 0).map(({ name }) => name.trim());
    const some = names.length > 0 && this.wanted.length < this.rows.length && !named;
    return {
      source: this.source,
      options,
      limit: PAGE,
      ...(this.project.trim() !== '' && { project: this.project.trim() }),
      ...(some && { structures: names }),
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
      this.preview = null;
      this.stopped = error instanceof ApiFailure && error.status === 409;
      this.problem = this.stopped ? null : sentenceOf(error);
    } finally {
      if (this.#asking === asking) this.looking = false;
    }
  }

  #take(preview: ImportPreview): void {
    this.preview = preview;
    this.problem = null;
    const cases = new Array<Case | undefined>(preview.total);
    preview.cases.forEach((item, index) => (cases[index] = item));
    this.cases = cases;
    this.#pages.clear();
    this.#pages.add(0);
    if (preview.images !== null) this.images = preview.images;
    if (!this.byHand && this.wanted.length === this.rows.length) {
      const before = new Map(this.rows.map((row) => [row.name, row]));
      this.rows = preview.structures.map((structure) => {
        const known = before.get(structure.name);
        const { name, colour, folder, value, labels } = structure;
        return {
          key: known?.key ?? this.#nextKey++,
          name,
          colour: known?.colour ?? colour,
          folder,
          value,
          labels,
          included: labels > 0 && (known?.included ?? true),
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

  /** Asks for the matched images around `index`, where they are not there yet. */
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

  /** The person agrees: the project is made. */
  async start(): Promise<void> {
    const { source, options } = this.#request();
    const structures = this.wanted
      .filter(({ labels }) => labels > 0)
      .map(({ name, colour }) => ({ name: name.trim(), colour }));
    try {
      this.task = await client.importDataset({
        source: source ?? '',
        options: options ?? {},
        structures,
        project: this.project.trim(),
      });
    } catch (error) {
      notices.error(sentenceOf(error));
    }
  }

  /** Gives up what is looked at. */
  close(): void {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    const look = this.looking ? session.running('look') : null;
    // The desktop's protocol does not say that a question was taken back.
    if (look !== null) void client.cancelTask(look.id).catch(() => undefined);
  }
}

/** `…/chest` → `…/chest.overread`, beside the dataset. */
export function placeBeside(source: string): string {
  return joinPath(folderOf(source), `${baseName(source)}.overread`);
}
