/** The command line and the window say the same of the same project: order, numbers and reasons. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { pino } from 'pino';
import { z } from 'zod';
import { runProgram } from '../../../audit/cli/command.ts';
import type { Register } from '../../../audit/cli/command.ts';
import { registerLeft } from '../../../audit/cli/commands/left.ts';
import { registerRank } from '../../../audit/cli/commands/rank.ts';
import { createTerminal } from '../../../audit/cli/terminal.ts';
import { CaseDetail, CasesPage, RankingPage } from '../../../audit/contract/api.ts';
import { RankBy, RankEntry, RankPer } from '../../../audit/contract/terms.ts';
import { createApp } from '../../../audit/server/http/app.ts';
import { createContext } from '../../../audit/server/http/context.ts';
import type { ServerContext } from '../../../audit/server/http/context.ts';
import { Home } from '../../../audit/server/home/home.ts';
import { PROJECTS, idOf, makeRanked, scattered } from './projects.ts';

let root: string;
let context: ServerContext;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'overread-agreement-'));
  context = createContext({
    log: pino({ level: 'silent' }),
    home: new Home(join(root, 'home')),
  });
});

afterEach(async () => {
  await context.close();
  await rm(root, { recursive: true, force: true });
});

/** The JSON that the command prints; if the command fails, its message as `error`. */
async function typed(register: Register, argv: readonly string[]): Promise<unknown> {
  const printed: string[] = [];
  const said: string[] = [];
  const session = {
    terminal: createTerminal(
      { write: (text) => printed.push(text) },
      { write: (text) => said.push(text) },
    ),
    signal: new AbortController().signal,
    env: {},
    interactive: false,
  };
  const program = new Command().exitOverride();
  register(program, session);
  const code = await runProgram(program, argv, session);
  return code === 0 ? JSON.parse(printed.join('')) : { error: said.join('').trim() };
}

/**
 * The server's answer to the window; if the server refuses, its message as `error`, as a command prints it.
 */
async function asked(path: string): Promise<unknown> {
  const response = await createApp(context).fetch(new Request(`http://overread.test${path}`));
  const answer: unknown = await response.json();
  if (response.ok) return answer;
  const { error } = z.object({ error: z.string() }).parse(answer);
  return { error: `overread: ${error}` };
}

const isRefusal = (answer: unknown): boolean =>
  z.object({ error: z.string() }).safeParse(answer).success;

describe.each(PROJECTS)('%s', (_, make) => {
  it('is ranked alike by the command line and the window', async () => {
    const folder = await make(root);
    await context.workspace.open(folder);
    for (const by of RankBy.options) {
      for (const per of RankPer.options) {
        const where = `by ${by} per ${per}`;
        const printed = await typed(registerRank, [
          ...['rank', folder, '--format', 'json', '--by', by, '--per', per],
        ]);
        const ranking = await asked(`/api/ranking?by=${by}&per=${per}&limit=1000`);
        const queue = await asked(`/api/cases?by=${by}&per=${per}&limit=500`);
        if (isRefusal(printed)) {
          const { model } = RankingPage.partial().parse(ranking);
          // Without scores the command fails, but the window shows the cases without ranks.
          if (model === null) expect(JSON.stringify(printed), where).toMatch(/no scores yet/);
          else expect([ranking, queue], where).toEqual([printed, printed]);
          continue;
        }
        const entries = z.array(RankEntry).parse(printed);
        expect(entries.length, where).toBeGreaterThan(0);
        expect(RankingPage.parse(ranking).entries, where).toEqual(entries);
        const rows = CasesPage.parse(queue).entries.filter(({ rank }) => rank !== null);
        expect(
          rows.map((row) => [row.case, row.structure, row.rank, row.score, row.percentile]),
          where,
        ).toEqual(
          entries.map((row) => [row.case, row.structure, row.rank, row.score, row.percentile]),
        );
        expect(
          rows.map(({ verdict, previousRank }) => [verdict, previousRank]),
          where,
        ).toEqual(entries.map(({ verdict, previousRank }) => [verdict, previousRank]));
        const first = entries[0];
        const path = `/api/cases/${encodeURIComponent(first.case)}?by=${by}`;
        const detail = CaseDetail.parse(await asked(path));
        const own = detail.labels.find(({ structure }) => structure === first.structure);
        const { rank, score, number, percentile, previousRank } = first;
        expect((own ?? detail).ranks, where).toEqual({
          ...{ rank, score, number, percentile, previousRank },
        });
        expect(
          detail.labels.flatMap(({ structure, reasons }) =>
            reasons && (first.structure ?? structure) === structure ? [reasons] : [],
          ),
          where,
        ).toEqual(first.reasons);
      }
    }
    const left = await typed(registerLeft, ['left', folder, '--json']);
    if (!isRefusal(left)) expect(await asked('/api/left')).toEqual({ left });
  });
});

describe('a label that is removed while the window shows the ranking', () => {
  it('leaves both rankings alike, and comes back to the same one', async () => {
    const folder = await makeRanked(root, { cases: 8, runs: [scattered(3), scattered(0)] });
    const opened = await context.workspace.open(folder);
    const project = await opened.writer();
    const id = idOf(2);
    const shown = async (): Promise<RankEntry[]> =>
      RankingPage.parse(await asked('/api/ranking?per=label&limit=1000')).entries;
    const printed = (): Promise<unknown> =>
      typed(registerRank, ['rank', folder, '--format', 'json', '--per', 'label']);
    const before = await shown();
    expect(before).toHaveLength(16);
    const mask = await project.mask(id, 'lung');
    const by = { author: 'Ada', reason: 'replace' };
    await project.addRevision(id, 'lung', null, by);
    opened.changed('labels', [id]);
    const without = await shown();
    expect(without).toHaveLength(15);
    expect(without).toEqual(await printed());
    // The scores of the other labels do not depend on the removed label.
    expect(without.map(({ score }) => score)).toEqual(
      before
        .filter((entry) => !(entry.case === id && entry.structure === 'lung'))
        .map(({ score }) => score),
    );
    await project.addRevision(id, 'lung', mask, by);
    opened.changed('labels', [id]);
    expect(await shown()).toEqual(before);
    expect(await printed()).toEqual(before);
  });
});
