/** Exports of a project: the corrected dataset, the report, and the project in one file. */
import { ExportResult, PackResult, ReportResult } from '../../audit/contract/api.ts';
import type { ExportFormats, ExportOutlook, Task } from '../../audit/contract/api.ts';
import { client, sentenceOf } from '../shared/api.ts';
import { folders } from '../shared/folders.svelte.ts';
import { notices } from '../shared/notices.svelte.ts';
import { baseName, folderOf, joinPath, nextName } from '../shared/paths.ts';
import { session } from '../shared/session.svelte.ts';
import { shell } from '../shared/shell.ts';

export class Exports {
  out = $state('');
  /** Formats the project can be written in; empty until loaded. */
  formats = $state.raw<ExportFormats['formats']>([]);
  /** The chosen format; empty for the format that the dataset was imported from. */
  format = $state('');
  link = $state(false);
  /** Whether the export goes on where an image was changed since the import. */
  changedImages = $state(false);
  /** The losses that the person is asked about; null while nothing is asked. */
  outlook = $state<ExportOutlook | null>(null);
  looking = $state(false);
  /**
   * Ids of the export, report and pack tasks that this screen started last; null before the first of its
   * kind.
   */
  exported = $state<string | null>(null);
  reported = $state<string | null>(null);
  packed = $state<string | null>(null);
  /** The file that the project is packed into. */
  file = $state('');
  /** Whether the images are packed, too. */
  images = $state(false);

  /** Id of the export after which a name was proposed, so that a name that the person types stays. */
  #proposedAfter: string | null = null;

  constructor() {
    const { project } = session;
    if (!project) return;
    this.out = joinPath(folderOf(project.folder), `${project.name}-corrected`);
    const name = baseName(project.folder).replace(/\.overread$/i, '');
    this.file = joinPath(folderOf(project.folder), `${name}.overread.zip`);
  }

  /** Loads the list of formats. */
  async load(): Promise<void> {
    try {
      this.formats = (await client.exportFormats()).formats;
    } catch (error) {
      notices.error(sentenceOf(error));
    }
  }

  /** The chosen format with its details; undefined until the formats are loaded. */
  readonly shown = $derived(
    this.formats.find(({ format, own }) => (this.format === '' ? own : format === this.format)),
  );

  #task(id: string | null): Task | null {
    return session.tasks.find((task) => task.id === id) ?? null;
  }

  readonly exportTask = $derived(this.#task(this.exported) ?? session.running('export'));
  readonly reportTask = $derived(this.#task(this.reported) ?? session.running('report'));

  readonly exportResult = $derived.by(() => {
    const parsed = ExportResult.safeParse(this.exportTask?.result);
    return parsed.success ? parsed.data : null;
  });
  readonly reportResult = $derived.by(() => {
    const parsed = ReportResult.safeParse(this.reportTask?.result);
    return parsed.success ? parsed.data : null;
  });

  /** Why the dataset cannot be written to the folder in the field; null if nothing is known against it. */
  readonly problem = $derived.by(() => {
    const filled = this.exportTask?.state === 'done' && this.exportResult?.out === this.out.trim();
    return filled ? 'The last export filled this folder: name a new one.' : null;
  });

  /** Proposes the next name once an export has filled the folder in the field. */
  proposeNext(): void {
    const { exportTask, exportResult, exported } = this;
    if (exportTask?.state !== 'done' || exported === this.#proposedAfter) return;
    this.#proposedAfter = exported;
    if (exportResult?.out === this.out.trim()) this.out = nextName(this.out);
  }

  readonly packTask = $derived(this.#task(this.packed) ?? session.running('pack'));
  readonly packResult = $derived.by(() => {
    const parsed = PackResult.safeParse(this.packTask?.result);
    return parsed.success ? parsed.data : null;
  });

  async pack(): Promise<void> {
    try {
      const { images } = this;
      this.packed = (await client.packProject({ out: this.file.trim(), images })).id;
    } catch (error) {
      notices.error(sentenceOf(error));
    }
  }

  /** Chooses a format and hides the losses of the earlier one. The next export looks up the losses anew. */
  choose(format: string): void {
    this.format = format;
    this.outlook = null;
  }

  /**
   * Exports at once if nothing is lost. Else shows the losses; if the person agrees, the screen calls
   * `write`.
   */
  async export(): Promise<void> {
    if (this.looking || this.problem !== null) return;
    this.looking = true;
    try {
      const { format } = this;
      const outlook = await client.exportOutlook(format === '' ? {} : { format });
      this.outlook = outlook.losses.length > 0 ? outlook : null;
      if (this.outlook === null) await this.write();
    } catch (error) {
      notices.error(sentenceOf(error));
    } finally {
      this.looking = false;
    }
  }

  /** Writes the dataset. Its losses were accepted by the person, or there are none. */
  async write(): Promise<void> {
    this.outlook = null;
    try {
      const { format, link, changedImages } = this;
      const task = await client.exportDataset({
        out: this.out.trim(),
        link,
        changedImages,
        ...(format !== '' && { format }),
      });
      this.exported = task.id;
    } catch (error) {
      notices.error(sentenceOf(error));
    }
  }

  /** Makes the report. The desktop asks for a folder; a browser downloads the files. */
  async report(): Promise<void> {
    try {
      const out = shell
        ? await folders.ask({
            title: 'Folder of the report',
            kind: 'new',
            name: `${session.project?.name ?? 'overread'}-report`,
          })
        : undefined;
      if (out === null) return;
      const task = await client.report(out === undefined ? {} : { out });
      this.reported = task.id;
    } catch (error) {
      notices.error(sentenceOf(error));
    }
  }
}
