/** `overread benchmark-page`: writes results of benchmarks as a page of Markdown with figures. */
import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';
import { openReport } from '../../benchmark/folder.ts';
import { pageOf, slug } from '../../benchmark/page.ts';
import { UserError } from '../../errors.ts';
import { writeDurably } from '../../../models/files.ts';
import type { Register } from '../command.ts';

export const registerBenchmarkPage: Register = (program, { terminal }) => {
  program
    .command('benchmark-page')
    .description('write the results of benchmarks as one page of Markdown with figures')
    .argument('<results...>', 'folders of results, as "overread benchmark --out" writes them')
    .requiredOption('--out <file>', 'the .md file to write; its figures go into a folder beside it')
    .addHelpText(
      'after',
      '\nThe file results.jsonl in a folder is enough for the tables and curves.' +
        '\n\nExample:\n  overread benchmark-page results/jsrt results/phantoms --out benchmark.md',
    )
    .action(async (folders: string[], { out }: { out: string }) => {
      const file = resolve(out);
      if (extname(file) !== '.md')
        throw new UserError(`${file} does not end in .md: give the page a name that does.`);
      const parts = await Promise.all(
        folders.map(async (folder) => ({
          name: basename(resolve(folder)),
          report: await openReport(resolve(folder)),
        })),
      );
      const beside = file.slice(0, -extname(file).length);
      const { markdown, figures } = pageOf(parts, basename(beside));
      await mkdir(beside, { recursive: true });
      for (const name of await readdir(beside)) {
        // Removes the figures of an earlier page that this page no longer has. All other files stay.
        const isOurs = parts.some((part) => name.startsWith(`${slug(part.name)}-`));
        if (isOurs && name.endsWith('.svg') && !figures.has(name)) await rm(join(beside, name));
      }
      for (const [name, text] of figures) {
        await writeDurably(join(beside, name), (handle) => handle.writeFile(text));
      }
      await writeDurably(file, (handle) => handle.writeFile(markdown));
      terminal.print(`Page: ${file}`);
    });
};
