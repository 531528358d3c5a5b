/**
 * What is kept for the person rather than for one project: settings and the projects opened lately.
 * Small JSON files in the user's configuration folder, replaced whole.
 */
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { Settings, RecentProject } from '../contract/api.ts';

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
const Recent = z.array(RecentProject.omit({ exists: true }));

export class Home {
  readonly folder: string;
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

  async remember(project: Omit<RecentProject, 'exists' | 'openedAt'>): Promise<void> {
    await this.#inTurn(async () => {
      const known = await this.#read('recent.json', Recent, []);
      const others = known.filter((other) => other.folder !== project.folder);
      const entry = { ...project, openedAt: new Date().toISOString() };
      await this.#write('recent.json', [entry, ...others].slice(0, KEPT));
    });
  }

  async forget(folder: string): Promise<void> {
    await this.#inTurn(async () => {
      const known = await this.#read('recent.json', Recent, []);
      await this.#write(
        'recent.json',
        known.filter((project) => project.folder !== folder),
      );
    });
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
    const path = join(this.folder, name);
    const temporary = `${path}.${process.pid}.part`;
    const file = await open(temporary, 'w', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(value, null, 2)}\n`);
      await file.sync();
      await file.close();
      await rename(temporary, path);
    } catch (error) {
      await file.close().catch(() => undefined);
      await rm(temporary, { force: true });
      throw error;
    }
  }
}
