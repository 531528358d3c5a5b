/**
 * What is kept for the person rather than for one project: settings and the projects opened lately,
 * with a picture of each. Small files in the user's configuration folder, replaced whole.
 */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { writeDurably } from '../../../models/files.ts';
import { Settings, RecentProject } from '../../contract/api.ts';

/** `OVERREAD_CONFIG`, or where the system keeps an application's configuration. */
export function configurationFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env['OVERREAD_CONFIG']) return env['OVERREAD_CONFIG'];
  if (process.platform === 'win32') {
    return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'overread');
  }
  if (process.platform === 'darwin') {
    return join(homedir(), 'Library', 'Application Support', 'overread');
  }
  return join(env['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'overread');
}

const KEPT = 20;
/** Only the person's to read. */
const OWN = 0o600;
const Recent = z.array(RecentProject.omit({ exists: true }));

export class Home {
  readonly folder: string;
  /** Called after the list of recent projects was written: the desktop's menu shows it. */
  onRecent: () => void = () => undefined;
  /** Writes follow one another, so that none overtakes another. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(folder: string = configurationFolder()) {
    this.folder = folder;
  }

  async settings(): Promise<Settings> {
    return this.#read('settings.json', Settings, Settings.parse({}));
  }

  /** Changes what `change` names and keeps the rest. */
  async changeSettings(change: Partial<Settings>): Promise<Settings> {
    return this.#inTurn(async () => {
      const settings = Settings.parse({ ...(await this.settings()), ...change });
      await this.#write('settings.json', settings);
      return settings;
    });
  }

  /** Newest first; a project whose folder is gone is listed as such. */
  async recent(): Promise<RecentProject[]> {
    const known = await this.#read('recent.json', Recent, []);
    return known.map((project) => ({
      ...project,
      exists: existsSync(join(project.folder, 'project.db')),
    }));
  }

  /** A project was opened: it comes first, and keeps what was noted of it. */
  async remember(project: Pick<RecentProject, 'folder' | 'name' | 'cases'>): Promise<void> {
    await this.#inTurn(async () => {
      const known = await this.#read('recent.json', Recent, []);
      const before = known.find((other) => other.folder === project.folder);
      const others = known.filter((other) => other !== before);
      const noted = { review: before?.review ?? null, picture: before?.picture ?? null };
      const entry = { ...noted, ...project, openedAt: new Date().toISOString() };
      await this.#write('recent.json', [entry, ...others].slice(0, KEPT));
      for (const gone of others.slice(KEPT - 1)) await this.#removePicture(gone.folder);
    });
  }

  /** How far its review is; a project that is not on the list is left off it. */
  async note(
    folder: string,
    change: Partial<Pick<RecentProject, 'cases' | 'review' | 'picture'>>,
  ): Promise<void> {
    await this.#inTurn(async () => {
      const known = await this.#read('recent.json', Recent, []);
      if (!known.some((project) => project.folder === folder)) return;
      await this.#write(
        'recent.json',
        known.map((project) => (project.folder === folder ? { ...project, ...change } : project)),
      );
    });
  }

  async forget(folder: string): Promise<void> {
    await this.#inTurn(async () => {
      const known = await this.#read('recent.json', Recent, []);
      await this.#write(
        'recent.json',
        known.filter((project) => project.folder !== folder),
      );
      await this.#removePicture(folder);
    });
  }

  /** Keeps the picture of a project, whole or not at all. */
  async keepPicture(folder: string, png: Uint8Array): Promise<void> {
    await this.#inTurn(async () => {
      await mkdir(join(this.folder, 'pictures'), { recursive: true });
      await writeDurably(this.#pictureFile(folder), (file) => file.writeFile(png), OWN);
    });
  }

  /** The picture of a project on the list, or null. */
  async picture(folder: string): Promise<{ version: string; png: Uint8Array } | null> {
    const known = await this.#read('recent.json', Recent, []);
    const version = known.find((project) => project.folder === folder)?.picture ?? null;
    if (version === null) return null;
    const png = await readFile(this.#pictureFile(folder)).catch(() => null);
    return png && { version, png };
  }

  #pictureFile(folder: string): string {
    const name = createHash('sha256').update(folder).digest('hex').slice(0, 32);
    return join(this.folder, 'pictures', `${name}.png`);
  }

  async #removePicture(folder: string): Promise<void> {
    await rm(this.#pictureFile(folder), { force: true });
  }

  #inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const next = this.#last.then(work, work);
    this.#last = next.catch(() => undefined);
    return next;
  }

  /** A file that is missing or damaged counts as never written: it holds nothing of the work. */
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
    await writeDurably(join(this.folder, name), (file) => file.writeFile(text), OWN);
    if (name === 'recent.json') this.onRecent();
  }
}
