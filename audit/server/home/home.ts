/**
 * The person's settings and recent projects: small files in the user's configuration folder. The picture of each
 * recent project lies in the project's own cache, because it shows a patient. Each write replaces a whole file.
 */
import { existsSync } from 'node:fs';
import { lstat, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import pLimit from 'p-limit';
import { z } from 'zod';
import { writeDurably } from '../../../models/files.ts';
import { configurationFolder } from '../../../models/folders.ts';
import { Settings, RecentProject } from '../../contract/api.ts';
import { resolveAuthor } from '../../review/author.ts';
import { OWN_FILE } from '../../store/files.ts';

/** How many recent projects are kept. */
const KEPT = 20;
const Recent = z.array(RecentProject.omit({ exists: true }));

const pictureFile = (project: string): string => join(project, 'cache', 'card.png');

export class Home {
  readonly folder: string;
  /** Called after each write of the recent projects, which the desktop's menu shows. */
  onRecent: () => void = () => undefined;
  /** Writes run one after the other. */
  readonly #inTurn = pLimit(1);

  constructor(folder: string = configurationFolder()) {
    this.folder = folder;
  }

  async settings(): Promise<Settings> {
    return this.#read('settings.json', Settings, Settings.parse({}));
  }

  /**
   * The author of changes: the reviewer of the settings, or else the default of `resolveAuthor`.
   * @throws UserError when that is not a valid name
   */
  async author(): Promise<string> {
    const { reviewer } = await this.settings();
    return resolveAuthor(reviewer ?? undefined);
  }

  /** Changes the settings that `change` names. */
  async changeSettings(change: Partial<Settings>): Promise<Settings> {
    return this.#inTurn(async () => {
      const settings = Settings.parse({ ...(await this.settings()), ...change });
      await this.#write('settings.json', settings);
      return settings;
    });
  }

  /** The recent projects, last opened first. Projects whose folder no longer exists are included. */
  async recent(): Promise<RecentProject[]> {
    const projects = await this.#read('recent.json', Recent, []);
    return projects.map((project) => ({
      ...project,
      exists: existsSync(join(project.folder, 'project.db')),
    }));
  }

  /** Puts an opened project first on the list. Its review figures and picture on the list stay. */
  async remember(project: Pick<RecentProject, 'folder' | 'name' | 'cases'>): Promise<void> {
    await this.#inTurn(async () => {
      const projects = await this.#read('recent.json', Recent, []);
      const before = projects.find((other) => other.folder === project.folder);
      const others = projects.filter((other) => other !== before);
      const noted = { review: before?.review ?? null, picture: before?.picture ?? null };
      const entry = { ...noted, ...project, openedAt: new Date().toISOString() };
      await this.#write('recent.json', [entry, ...others].slice(0, KEPT));
      for (const gone of others.slice(KEPT - 1)) await this.#removePicture(gone.folder);
    });
  }

  /** Changes the entry of a project on the list; does nothing if it has no entry. */
  async note(
    folder: string,
    change: Partial<Pick<RecentProject, 'cases' | 'review' | 'picture'>>,
  ): Promise<void> {
    await this.#inTurn(async () => {
      const projects = await this.#read('recent.json', Recent, []);
      if (!projects.some((project) => project.folder === folder)) return;
      await this.#write(
        'recent.json',
        projects.map((project) =>
          project.folder === folder ? { ...project, ...change } : project,
        ),
      );
    });
  }

  async forget(folder: string): Promise<void> {
    await this.#inTurn(async () => {
      const projects = await this.#read('recent.json', Recent, []);
      await this.#write(
        'recent.json',
        projects.filter((project) => project.folder !== folder),
      );
      await this.#removePicture(folder);
    });
  }

  /** Writes the picture of a project, whole or not at all. */
  async keepPicture(folder: string, png: Uint8Array): Promise<void> {
    await this.#inTurn(async () => {
      const picture = pictureFile(folder);
      await mkdir(dirname(picture), { recursive: true });
      await writeDurably(picture, (file) => file.writeFile(png), OWN_FILE);
      // Earlier versions kept the pictures beside the settings.
      await rm(join(this.folder, 'pictures'), { recursive: true, force: true });
    });
  }

  /** The picture of a project, or null if it is not on the list or has no picture. */
  async picture(folder: string): Promise<{ version: string; png: Uint8Array } | null> {
    const projects = await this.#read('recent.json', Recent, []);
    const version = projects.find((project) => project.folder === folder)?.picture ?? null;
    if (version === null) return null;
    // A link in a project from elsewhere could lead to any file.
    const file = pictureFile(folder);
    const isFile = (await lstat(file).catch(() => null))?.isFile() ?? false;
    const png = isFile ? await readFile(file).catch(() => null) : null;
    return png && { version, png };
  }

  async #removePicture(folder: string): Promise<void> {
    await rm(pictureFile(folder), { force: true }).catch(() => undefined);
  }

  /**
   * Reads one of the JSON files. A missing or damaged file gives `otherwise`, because these files hold
   * no data of a project.
   */
  async #read<Value>(name: string, schema: z.ZodType<Value>, otherwise: Value): Promise<Value> {
    try {
      const text = await readFile(join(this.folder, name), 'utf8');
      const parsed = schema.safeParse(JSON.parse(text));
      return parsed.success ? parsed.data : otherwise;
    } catch {
      return otherwise;
    }
  }

  async #write(name: string, value: unknown): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const text = `${JSON.stringify(value, null, 2)}\n`;
    await writeDurably(join(this.folder, name), (file) => file.writeFile(text), OWN_FILE);
    if (name === 'recent.json') this.onRecent();
  }
}
