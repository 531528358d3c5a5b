/** `overread serve`: shows a project in a browser. */
import { serveProject } from '../../server/http/serve.ts';
import { addressOf, hasDesktop, openBrowser, redirectPage } from '../browser.ts';
import type { Temporary } from '../../store/leftovers.ts';
import type { Register, Session } from '../command.ts';
import { wholeNumber } from '../options.ts';

/** Serves until the person presses Ctrl-C. The printed address holds the token that lets a browser in. */
export async function serveUntilDone(
  session: Session,
  options: { project?: string; port?: number; browser: boolean; json?: boolean },
): Promise<void> {
  const { terminal, signal, env } = session;
  const serving = await serveProject({
    ...(options.project !== undefined && { project: options.project }),
    ...(options.port !== undefined && { port: options.port }),
  });
  let page: Temporary | null = null;
  try {
    const { url, port, token } = serving;
    terminal.print(options.json === true ? JSON.stringify({ url, port, token }) : url);
    if (options.browser && hasDesktop(env)) page = redirectPage(url);
    const opened = page !== null && (await openBrowser(addressOf(page.path), env));
    terminal.say(
      `${opened ? 'The browser shows the application' : 'Open this address in a browser on this machine'}; Ctrl-C ends the server.`,
    );
    await new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
  } finally {
    page?.remove();
    await serving.close();
  }
}

export const registerServe: Register = (program, session) => {
  program
    .command('serve')
    .description('show the project in a browser on this machine (from a server, forward the port)')
    .argument('[project]', 'the project folder')
    .option('--port <n>', 'port to listen on (default: a free one)', wholeNumber(1, 65535))
    .option('--json', 'print address, port and token as JSON')
    .addHelpText('after', '\nExample:\n  overread serve chest.overread --port 8080')
    .action(async (project: string | undefined, options: { port?: number; json?: boolean }) => {
      await serveUntilDone(session, {
        ...options,
        ...(project !== undefined && { project }),
        browser: false,
      });
    });
};
