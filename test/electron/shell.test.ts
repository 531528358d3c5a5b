import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ElectronApplication } from '@playwright/test';
import type { Task } from '../../audit/contract/api.ts';
import { makeProject } from '../audit/server/project.ts';
import {
  ROOT,
  SWITCHES,
  environment,
  exited,
  family,
  findDesktop,
  gone,
  launch,
  programs,
  until,
  within,
} from './launch.ts';
import type { Launched } from './launch.ts';

const desktop = await findDesktop();

/**
 * A training with tiny networks and many epochs: an epoch is quick, and the training lasts until it is
 * stopped.
 */
const TINY = {
  training: { epochs: 400, batch: 2, width: 4, levels: 2, qamWidths: [4, 4], patience: null },
  size: 32,
  backend: 'wasm',
  fresh: true,
};

interface Box {
  readonly message: string;
  readonly detail: string;
  readonly buttons: string[];
}

/**
 * Answers every message box with the button of index `button`.
 * @returns a function that gives the boxes so far
 */
async function answerBoxes(
  app: ElectronApplication,
  button: number,
): Promise<() => Promise<Box[]>> {
  await app.evaluate(({ dialog }, response) => {
    const said: unknown[] = [];
    Object.assign(globalThis, { said });
    dialog.showMessageBox = (...args: unknown[]) => {
      said.push(args.at(-1));
      return Promise.resolve({ response, checkboxChecked: false });
    };
  }, button);
  return () => app.evaluate(() => (globalThis as unknown as { said: Box[] }).said);
}

async function newestTask(overread: Launched): Promise<Task | undefined> {
  const { body } = await overread.ask('/api/tasks');
  return (body as { tasks: Task[] }).tasks[0];
}

async function startTraining(overread: Launched): Promise<string> {
  const { status, body } = await overread.ask('/api/runs', 'POST', TINY);
  expect(status).toBe(202);
  await until('an epoch is trained', async () => {
    const task = await newestTask(overread);
    if (task && task.state !== 'running') throw new Error(task.error ?? task.state);
    return /epoch [2-9]/.test(task?.progress?.message ?? '');
  });
  return (body as Task).id;
}

describe.skipIf(desktop === null)('the shell', { timeout: 300_000 }, () => {
  let root: string;
  let config: string;
  let folder: string;
  let overread: Launched;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'overread-shell-'));
    config = join(root, 'config');
    folder = await makeProject(root, 6);
    overread = await launch(desktop!, config, [folder]);
  }, 120_000);

  afterAll(async () => {
    await overread?.close();
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  });

  it('opens the project it was given, and lists it in the menu', async () => {
    expect((await overread.ask('/api/status')).body).toMatchObject({ project: { folder } });
    await until('the menu lists it', () =>
      overread.app.evaluate(({ Menu }) => {
        const recent = Menu.getApplicationMenu()?.getMenuItemById('recent');
        return recent?.submenu?.items[0]?.label === 'Chest && <friends>';
      }),
    );
  });

  it('sends the page what was chosen in its menu, and shows keys without taking them', async () => {
    await overread.page.evaluate(
      `window.heard = []; overread.onEvent((event) => heard.push(event))`,
    );
    const item = await overread.app.evaluate(({ Menu }) => {
      const found = Menu.getApplicationMenu()?.getMenuItemById('verdict.accepted');
      found?.click();
      return { accelerator: found?.accelerator, registers: found?.registerAccelerator };
    });
    expect(item).toEqual({ accelerator: 'A', registers: false });
    await until('the page heard', async () => {
      const heard = await overread.page.evaluate('heard');
      return JSON.stringify(heard) === '[{"type":"action","id":"verdict.accepted"}]';
    });
  });

  it('shows in its menu the key that the person chose', async () => {
    const shown = () =>
      overread.app.evaluate(
        ({ Menu }) => Menu.getApplicationMenu()?.getMenuItemById('tool.brush')?.accelerator ?? '',
      );
    await overread.ask('/api/settings', 'PATCH', { keys: { 'tool.brush': 'Shift+P' } });
    await until('the menu shows it', async () => (await shown()) === 'Shift+P');
    await overread.ask('/api/settings', 'PATCH', { keys: {} });
    await until('the menu shows the first key again', async () => (await shown()) === 'B');
  });

  it('says in its About box that it is not for diagnosis', async () => {
    const said = await answerBoxes(overread.app, 0);
    await overread.app.evaluate(({ Menu }) => {
      Menu.getApplicationMenu()?.getMenuItemById('about')?.click();
    });
    await until('the box is there', async () => (await said()).length === 1);
    expect((await said())[0].detail).toContain('not for diagnosis');
    expect((await said())[0].detail).toContain(`Log: ${join(config, 'logs', 'overread.log')}`);
  });

  it('shows the log, from its menu and for the page', async () => {
    await overread.app.evaluate(({ shell }) => {
      const shown: string[] = [];
      Object.assign(globalThis, { shown });
      shell.showItemInFolder = (path) => void shown.push(path);
    });
    await overread.app.evaluate(({ Menu }) => {
      Menu.getApplicationMenu()?.getMenuItemById('log')?.click();
    });
    await overread.page.evaluate(`overread.ask({ type: 'show-log' })`);
    const shown = await overread.app.evaluate(
      () => (globalThis as unknown as { shown: string[] }).shown,
    );
    const log = join(config, 'logs', 'overread.log');
    expect(shown).toEqual([log, log]);
    expect((await overread.ask('/api/status')).body).toMatchObject({ log });
  });

  it('asks for files and folders with the dialogs of the system', async () => {
    await overread.app.evaluate(({ dialog }) => {
      dialog.showOpenDialog = (...args: unknown[]) =>
        Promise.resolve({ canceled: false, filePaths: [JSON.stringify(args.at(-1))] });
      dialog.showSaveDialog = () => Promise.resolve({ canceled: true, filePath: '' });
    });
    const picked = await overread.page.evaluate<{ path: string }>(
      `overread.ask({ type: 'pick-file', title: 'Which?', name: 'Networks', extensions: ['onnx'] })`,
    );
    expect(JSON.parse(picked.path)).toMatchObject({
      title: 'Which?',
      filters: [{ name: 'Networks', extensions: ['onnx'] }],
    });
    const none = await overread.page.evaluate(
      `overread.ask({ type: 'pick-new-folder', title: 'Where?', name: 'export' })`,
    );
    expect(none).toEqual({ path: null });
  });

  it('runs only once: a second launch hands its folder to the first and ends', async () => {
    const images = join(root, 'images');
    await mkdir(images);
    const second = spawn(desktop!.executable, [...SWITCHES, ROOT, images], {
      env: environment(desktop!, config),
      stdio: 'ignore',
    });
    await exited(second);
    await until('the page heard', async () => {
      const heard = await overread.page.evaluate<unknown[]>('heard');
      return JSON.stringify(heard.at(-1)) === JSON.stringify({ type: 'open', path: images });
    });
  });

  it('starts the audit again when it crashes, with the same project, and says so', async () => {
    const said = await answerBoxes(overread.app, 0);
    const [audit] = programs(overread.pid);
    process.kill(audit, 'SIGKILL');
    await until('another answers', async () => {
      const { body } = await overread.ask('/api/status').catch(() => ({ body: null }));
      return (body as { project?: { folder: string } } | null)?.project?.folder === folder;
    });
    expect(programs(overread.pid)[0]).not.toBe(audit);
    const [box] = await said();
    expect(box.message).toMatch(/restarted its background process/);
    expect(box.detail).toMatch(/by signal SIGKILL.*is kept/);
    await until('the page is connected again', () =>
      overread.page.evaluate<boolean>(`!document.body.innerText.includes('Connection lost')`),
    );
  });

  it('loads the page again when it crashed, and says so', async () => {
    const said = await answerBoxes(overread.app, 0);
    await overread.app.evaluate(({ webContents }) =>
      webContents.getAllWebContents()[0].forcefullyCrashRenderer(),
    );
    await until(
      'it is said',
      async () => (await said())[0]?.message === 'The window stopped working',
    );
    // Asks the page only after the message box: a page that is about to crash never answers.
    await until('the page is there again', () =>
      overread.app.evaluate(async ({ webContents }) => {
        const [page] = webContents.getAllWebContents();
        if (page.isCrashed() || page.isLoading()) return false;
        const shown: unknown = await page.executeJavaScript(
          'document.querySelector("main")?.ariaBusy !== "true"',
        );
        return shown === true;
      }),
    );
  });
});

describe.skipIf(desktop === null)('the log of the desktop', { timeout: 300_000 }, () => {
  it('holds the crashes of every process and errors of the page, but neither paths nor messages’ text', async () => {
    const root = await mkdtemp(join(tmpdir(), 'overread-log-Zzyzx-'));
    const config = join(root, 'config');
    const overread = await launch(desktop!, config, [await makeProject(root, 4)]);
    const written = (): Promise<string> => readFile(join(config, 'logs', 'overread.log'), 'utf8');
    const holds = (what: RegExp): Promise<void> =>
      until(`the log holds ${what}`, async () => what.test(await written()));
    try {
      await answerBoxes(overread.app, 0);
      await holds(/"writer":"desktop".*"version":"\d.*"electron":.*"event":"start"/);
      await holds(/"writer":"audit".*"event":"start"/);
      await overread.page.evaluate(`setTimeout(() => { throw new TypeError('Zzyzx'); }, 0)`);
      await holds(
        /"kind":"PageError","message":"Uncaught TypeError: …".*"event":"error in the page"/,
      );
      await overread.app.evaluate(() => void Promise.reject(new RangeError('Zzyzx')));
      await holds(/"kind":"RangeError".*"event":"unhandled rejection"/);
      process.kill(programs(overread.pid)[0], 'SIGKILL');
      await holds(/"program":"audit","code":null,"signal":"SIGKILL","event":"program ended"/);
      await overread.app.evaluate(({ webContents }) =>
        webContents.getAllWebContents()[0].forcefullyCrashRenderer(),
      );
      await holds(/"reason":"(?:crashed|killed)".*"event":"page crashed"/);
      await overread.app.evaluate(() => {
        setTimeout(() => {
          throw new SyntaxError('Zzyzx');
        }, 0);
      });
      await holds(/"level":"fatal".*"kind":"SyntaxError".*"event":"crash"/);
      expect(await written()).not.toMatch(/Zzyzx/);
    } finally {
      await overread.close();
      await rm(root, { recursive: true, force: true, maxRetries: 5 });
    }
  });

  it('is not required: if it cannot be written, the window opens all the same', async () => {
    const root = await mkdtemp(join(tmpdir(), 'overread-nolog-'));
    const config = join(root, 'config');
    await mkdir(config);
    // Puts a file where the log's folder would be: not even root can write a log there.
    await writeFile(join(config, 'logs'), '');
    const overread = await launch(desktop!, config);
    try {
      expect((await overread.ask('/api/status')).status).toBe(200);
      await overread.page.evaluate(`setTimeout(() => { throw new Error('later'); }, 0)`);
      await until(
        'the error stream has the line',
        () => /"writer":"desktop".*"event":"error in the page"/.test(overread.log()),
        60_000,
      );
    } finally {
      await overread.close();
      await rm(root, { recursive: true, force: true, maxRetries: 5 });
    }
  });
});

describe.skipIf(desktop === null)('a training in the desktop', { timeout: 300_000 }, () => {
  let root: string;
  let config: string;
  let folder: string;

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'overread-train-'));
    config = join(root, 'config');
    folder = await makeProject(root, 6, false);
  });
  afterAll(() => rm(root, { recursive: true, force: true, maxRetries: 5 }));

  it('ends with its process and with the application, and can be resumed after both', async () => {
    let overread = await launch(desktop!, config, [folder]);
    try {
      // The application notifies only if its window has no focus, so the window says that it has none.
      // Notifications and progress are recorded and not shown.
      await overread.app.evaluate(({ BrowserWindow, Notification }) => {
        const [window] = BrowserWindow.getAllWindows();
        const bars: number[] = [];
        const words: string[] = [];
        Object.assign(globalThis, { bars, words });
        window.isFocused = () => false;
        window.setProgressBar = (share) => void bars.push(share);
        Notification.isSupported = () => true;
        Notification.prototype.show = function () {
          words.push(this.title);
        };
      });
      // Kill the trainer: the window stays and says so, and the run can be resumed.
      const task = await startTraining(overread);
      const [audit, trainer] = programs(overread.pid);
      expect(
        await overread.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length),
      ).toBe(1);
      process.kill(trainer, 'SIGKILL');
      await until(
        'the task has failed',
        async () => (await newestTask(overread))?.state === 'failed',
      );
      expect((await newestTask(overread))?.error).toMatch(/by signal SIGKILL.*are kept/s);
      expect(programs(overread.pid)).toEqual([audit]);
      const shown = await overread.app.evaluate(() => {
        const { bars, words } = globalThis as unknown as { bars: number[]; words: string[] };
        return { bars, words };
      });
      expect(shown.bars.some((share) => share > 0 && share < 1)).toBe(true);
      expect(shown.bars.at(-1)).toBe(-1);
      expect(shown.words).toEqual(['The training stopped']);
      const { runs } = (await overread.ask('/api/runs')).body as {
        runs: { id: string; status: string }[];
      };
      expect(runs[0].status).toBe('interrupted');
      const resumed = await overread.ask(`/api/runs/${runs[0].id}/resume`, 'POST');
      expect(resumed.status).toBe(202);
      expect((resumed.body as Task).id).not.toBe(task);
      await until('it goes on', async () => {
        const now = await newestTask(overread);
        return /epoch/.test(now?.progress?.message ?? '');
      });

      // Kill the application: none of its processes stays behind.
      const all = family(overread.pid).map(({ pid }) => pid);
      expect(all.length).toBeGreaterThan(4);
      await overread.close();
      await until('all its processes are gone', () => all.every(gone));

      // Quit: the application asks first, and then cancels the training.
      overread = await launch(desktop!, config, [folder]);
      const again = await overread.ask(`/api/runs/${runs[0].id}/resume`, 'POST');
      expect(again.status).toBe(202);
      await until('it goes on', async () => {
        const now = await newestTask(overread);
        return /epoch/.test(now?.progress?.message ?? '');
      });
      let said = await answerBoxes(overread.app, 0);
      await overread.app.evaluate(({ app }) => app.quit());
      await until('it is asked', async () => (await said()).length === 1);
      expect((await said())[0]).toMatchObject({
        message: 'A training is running',
        buttons: ['Keep training', 'Quit'],
      });
      expect((await newestTask(overread))?.state).toBe('running');
      said = await answerBoxes(overread.app, 1);
      const closed = new Promise<void>((resolve) => overread.app.once('close', () => resolve()));
      await overread.app.evaluate(({ app }) => app.quit());
      await within('the application has closed', closed);
      const kept = JSON.parse(
        await readFile(join(config, 'desktop', 'window.json'), 'utf8'),
      ) as object;
      expect(kept).toMatchObject({ maximised: false, bounds: { width: 1440 } });
    } finally {
      await overread.close();
    }
    overread = await launch(desktop!, config, [folder]);
    try {
      const { runs } = (await overread.ask('/api/runs')).body as { runs: { status: string }[] };
      expect(runs).toMatchObject([{ status: 'cancelled' }]);
    } finally {
      await overread.close();
    }
  });
});
