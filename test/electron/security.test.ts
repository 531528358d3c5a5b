import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeProject } from '../audit/server/project.ts';
import {
  ROOT,
  SWITCHES,
  environment,
  exited,
  family,
  findDesktop,
  hasOpened,
  launch,
  listening,
  remains,
  until,
  within,
} from './launch.ts';
import type { Launched } from './launch.ts';

const desktop = await findDesktop();

/**
 * Longest wait for the page, in milliseconds: a script that prompts for a permission may never answer.
 */
const ANSWER_MS = 60_000;
/** How long a test watches, in milliseconds, that something does not happen. */
const WATCH_MS = 300;

describe.skipIf(desktop === null)('the page in the window', { timeout: 300_000 }, () => {
  let root: string;
  let folder: string;
  let overread: Launched;
  let server: Server;
  let base: string;
  const asked: string[] = [];

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'overread-security-'));
    folder = await makeProject(root, 4);
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.setHeader('access-control-allow-origin', '*');
      response.end('<title>elsewhere</title>');
    }).listen(0, '127.0.0.1');
    await within('the server listens', once(server, 'listening'));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    overread = await launch(desktop!, join(root, 'config'), [folder]);
  }, 120_000);

  afterAll(async () => {
    await overread?.close();
    server?.close();
    await rm(root, { recursive: true, force: true, maxRetries: 5 });
  });

  const run = <Value>(script: string): Promise<Value> =>
    within(`the page has answered: ${script}`, overread.page.evaluate<Value>(script), ANSWER_MS);
  const windows = (): Promise<number> =>
    overread.app.evaluate(({ webContents }) => webContents.getAllWebContents().length);

  it('has no Node, and of Electron only the bridge', async () => {
    const names = ['require', 'process', 'module', 'exports', 'Buffer', 'global', '__dirname'];
    const types = await run<string[]>(
      `${JSON.stringify(names)}.map((name) => typeof globalThis[name])`,
    );
    expect(types).toEqual(names.map(() => 'undefined'));
    expect(await run('Object.keys(window.overread).sort()')).toEqual([
      'ask',
      'onEvent',
      'pathOf',
      'platform',
      'versions',
    ]);
    // The bridge's functions must come from the page's own JavaScript context, and give access to no other.
    expect(await run('overread.ask.constructor === Function')).toBe(true);
    await run('overread.ask = null; overread.extra = 1').catch(() => undefined);
    expect(await run('[typeof overread.ask, typeof overread.extra]')).toEqual([
      'function',
      'undefined',
    ]);
  });

  it('runs no code that is not a file of the application', async () => {
    await run(`(() => {
      window.refused = [];
      document.addEventListener('securitypolicyviolation', (event) =>
        window.refused.push(event.violatedDirective));
      const script = document.createElement('script');
      script.textContent = 'window.injected = 1';
      document.body.append(script);
      const image = document.createElement('div');
      image.innerHTML = '<img src="/nothing.png" onerror="window.injected = 1">';
      document.body.append(image);
    })()`);
    await until('the policy has refused the element and the attribute', async () => {
      const refused = await run<string[]>('window.refused');
      return ['script-src-elem', 'script-src-attr'].every((name) => refused.includes(name));
    });
    expect(await run('typeof window.injected')).toBe('undefined');
    const policy = await run<string>(
      `fetch('/').then((response) => response.headers.get('content-security-policy'))`,
    );
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
  });

  it('opens no window, by script, link or webview', async () => {
    const before = await windows();
    const addresses = [
      base,
      '/',
      'about:blank',
      'file:///etc/passwd',
      'javascript:1',
      'mailto:a@b.c',
    ];
    for (const address of addresses) {
      expect(await run(`window.open(${JSON.stringify(address)}) === null`), address).toBe(true);
    }
    await run(`(() => {
      const link = Object.assign(document.createElement('a'), { href: '${base}', target: '_blank' });
      document.body.append(link);
      link.click();
      const view = document.createElement('webview');
      view.setAttribute('src', '${base}');
      document.body.append(view);
    })()`);
    await remains('no window opens', async () => (await windows()) === before, WATCH_MS);
  });

  it('cannot go to another address', async () => {
    const isHome = (): boolean => overread.page.url() === 'overread://app/';
    const addresses = [
      base,
      'file:///etc/passwd',
      '/api/status',
      'data:text/html,x',
      'chrome://gpu',
    ];
    for (const address of addresses) {
      await run(`void (location.href = ${JSON.stringify(address)})`);
      await remains(`${address} is not gone to`, isHome, WATCH_MS);
    }
    await run(`(() => {
      const form = Object.assign(document.createElement('form'), { action: '${base}', method: 'post' });
      document.body.append(form);
      form.submit();
    })()`);
    await remains('the form is not sent', isHome, WATCH_MS);
    expect(await run('document.title')).toBe('Overread');
  });

  it('loads nothing from elsewhere, and the session refuses even without its policy', async () => {
    const attempts = [
      `fetch('${base}/fetch')`,
      `fetch('${base}/opaque', { mode: 'no-cors' })`,
      `new Promise((yes, no) => { const s = new EventSource('${base}/events'); s.onopen = yes; s.onerror = no; })`,
      `new Promise((yes, no) => { const s = new WebSocket('ws${base.slice(4)}/socket'); s.onopen = yes; s.onerror = no; })`,
      `new Promise((yes, no) => { const i = new Image(); i.onload = yes; i.onerror = no; i.src = '${base}/image'; })`,
      `new Promise((yes, no) => { const s = document.createElement('script'); s.onload = yes; s.onerror = no; s.src = '${base}/script.js'; document.head.append(s); })`,
      `fetch('file:///etc/passwd')`,
    ];
    for (const attempt of attempts) {
      const outcome = await run(`(${attempt}).then(() => 'loaded', () => 'refused')`);
      expect(outcome, attempt).toBe('refused');
    }
    await run(`void navigator.sendBeacon('${base}/beacon', 'x')`);
    // The session itself must refuse a request, even one that no page's policy covers.
    const past = await overread.app.evaluate(
      ({ session }, address) =>
        session.defaultSession.fetch(`${address}/session`).then(
          () => 'loaded',
          () => 'refused',
        ),
      base,
    );
    expect(past).toBe('refused');
    expect(asked).toEqual([]);
  });

  it('is given no permission', async () => {
    for (const name of [
      'camera',
      'microphone',
      'geolocation',
      'notifications',
      'midi',
      'clipboard-read',
    ]) {
      const state = await run<string>(
        `navigator.permissions.query({ name: '${name}' }).then(({ state }) => state)`,
      );
      expect(state, name).toBe('denied');
    }
    const attempts = [
      'navigator.mediaDevices.getUserMedia({ video: true })',
      'navigator.mediaDevices.getDisplayMedia({ video: true })',
      'navigator.clipboard.readText()',
      'new Promise((yes, no) => navigator.geolocation.getCurrentPosition(yes, no))',
      `Notification.requestPermission().then((said) => { if (said !== 'granted') throw said; })`,
      'navigator.requestMIDIAccess()',
    ];
    for (const attempt of attempts) {
      const outcome = await run(
        `(async () => (${attempt}))().then(() => 'given', () => 'refused')`,
      );
      expect(outcome, attempt).toBe('refused');
    }
  });

  it('gets answers only to questions that the shell knows, and only in the application’s main frame', async () => {
    const questions = [
      'null',
      `{ type: 'run', command: 'id' }`,
      `{ type: 'pick-folder' }`,
      `{ type: 'show-in-folder', path: '' }`,
      `{ type: 'pick-file', title: 'x', name: 'y', extensions: 'png' }`,
    ];
    for (const question of questions) {
      const outcome = await run(
        `overread.ask(${question}).then(() => 'answered', (e) => e.message)`,
      );
      expect(outcome, question).toMatch(/does not know this request/);
    }
    // The bridge must refuse a page that is not ours, and must be absent in a frame of our page.
    const outcome = await overread.app.evaluate(
      async ({ BrowserWindow }, preload) => {
        const options = { show: false, webPreferences: { preload, sandbox: true } };
        const window = new BrowserWindow(options);
        await window.loadURL('about:blank');
        const asked: unknown = await window.webContents.executeJavaScript(
          `overread.ask({ type: 'show-in-folder', path: '/' }).then(() => 'answered', (e) => e.message)`,
        );
        window.destroy();
        return asked;
      },
      join(ROOT, 'dist/electron/preload.cjs'),
    );
    expect(outcome).toMatch(/Only Overread’s own page/);
    expect(
      await run(`(() => {
        const frame = document.createElement('iframe');
        document.body.append(frame);
        return typeof frame.contentWindow?.overread;
      })()`),
    ).toBe('undefined');
  });

  it('reads no file through the application’s protocol, and nothing from another host', async () => {
    const paths = [
      'overread://app/../../etc/passwd',
      'overread://app/..%2f..%2f..%2fetc/passwd',
      'overread://app/assets/%2e%2e/%2e%2e/%2e%2e/package.json',
      'overread://app//etc/passwd',
      'overread://app/assets/..%5c..%5cpackage.json',
      'overread://app/%00',
    ];
    for (const path of paths) {
      const answer = await run<{ status: number; text: string }>(
        `fetch('${path}').then(async (response) => ({ status: response.status, text: await response.text() }))`,
      );
      expect(answer.status, path).toBe(404);
      expect(answer.text, path).not.toMatch(/root:|"name"/);
    }
    const other = await run(`fetch('overread://other/api/status').then((r) => r.status, () => 0)`);
    expect(other).not.toBe(200);
  });

  it('is the only page that the application answers', async () => {
    const answers = await overread.app.evaluate(async ({ BrowserWindow }) => {
      const window = new BrowserWindow({ show: false, webPreferences: { sandbox: true } });
      await window.loadURL('about:blank');
      const asked: unknown = await window.webContents.executeJavaScript(`Promise.all([
        fetch('overread://app/api/status').then((r) => r.status, () => 'refused'),
        fetch('overread://app/api/project/close', { method: 'POST', mode: 'no-cors' }).then((r) => r.type, () => 'refused'),
      ])`);
      window.destroy();
      return asked;
    });
    expect(answers).toEqual(['refused', 'refused']);
    expect((await overread.ask('/api/status')).body).toMatchObject({ project: { folder } });
  });

  it('cannot save a file as a download', async () => {
    const downloads = await overread.app.evaluate(({ session, webContents }) => {
      const [page] = webContents.getAllWebContents();
      return new Promise<string>((resolve) => {
        session.defaultSession.once('will-download', (event) => {
          setImmediate(() => resolve(event.defaultPrevented ? 'refused' : 'saved'));
        });
        setTimeout(() => resolve('nothing came'), 5000);
        page.downloadURL('overread://app/icon.svg');
      });
    });
    expect(downloads).toBe('refused');
  });
});

describe.skipIf(desktop === null || process.platform !== 'linux')(
  'the application',
  { timeout: 300_000 },
  () => {
    it('opens no port', async () => {
      const root = await mkdtemp(join(tmpdir(), 'overread-ports-'));
      const folder = await makeProject(root, 2);
      // Starts the application without Playwright, which would make it open ports.
      const config = join(root, 'config');
      const child = spawn(desktop!.executable, [...SWITCHES, ROOT, folder], {
        env: environment(desktop!, config),
        stdio: 'ignore',
      });
      try {
        const pid = child.pid ?? -1;
        await until('the window has opened the project', () => {
          const renderer = family(pid).some(({ command }) => command.includes('--type=renderer'));
          return renderer && hasOpened(config);
        });
        const all = family(pid);
        expect(all.length).toBeGreaterThan(3);
        expect(listening(all.map((one) => one.pid))).toEqual([]);
      } finally {
        child.kill('SIGKILL');
        await exited(child);
        await rm(root, { recursive: true, force: true, maxRetries: 5 });
      }
    });
  },
);
