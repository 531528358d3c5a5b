/**
 * The server's own pages: the queue and one case, drawn on the server, for a browser without the
 * interface. Forms lead back to a page.
 */
import type { Context, Hono } from 'hono';
import { z } from 'zod';
import { CasesQuery, FilePath } from '../../contract/api.ts';
import { CaseId, Verdict } from '../../contract/terms.ts';
import { reasonWords } from '../../ranking/words.ts';
import { resolveAuthor } from '../../review/author.ts';
import type { ServerContext } from '../context.ts';
import { caseDetail } from '../detail.ts';
import { query } from '../input.ts';
import { startPage } from '../pages/plain.ts';
import { reviewPage } from '../pages/review.ts';
import type { ReviewModel } from '../pages/model.ts';
import { labelKey } from '../rankings.ts';
import { Refusal } from '../respond.ts';
import type { Opened } from '../workspace.ts';
import { openFor } from './projects.ts';

const LIMIT = 50;
/** Revisions in the history of a page. */
const HISTORY = 8;

const PageQuery = z.object({
  offset: z.coerce.number().int().nonnegative().max(1e9).catch(0),
  search: z.string().max(512).catch(''),
  show: z.enum(['all', 'open']).catch('all'),
  case: CaseId.optional().catch(undefined),
});

const Judge = z.object({
  case: CaseId,
  verdict: z.union([Verdict, z.literal('').transform(() => null)]),
  /** Only this server's own pages. */
  back: z
    .string()
    .max(2000)
    .regex(/^\/(?!\/|\\)/),
});

const time = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

/** A form of one of our pages. */
async function form<Schema extends z.ZodType>(
  c: Context,
  schema: Schema,
): Promise<z.output<Schema>> {
  const type = c.req.header('content-type') ?? '';
  if (!/^application\/x-www-form-urlencoded\b/i.test(type)) {
    throw new Refusal(415, 'Send a form.');
  }
  const fields = Object.fromEntries(new URLSearchParams(await c.req.text()));
  const parsed = schema.safeParse(fields);
  if (!parsed.success) throw new Refusal(400, 'The form is not one of this page.');
  return parsed.data;
}

function strongestWords(opened: Opened, ids: readonly string[]): Map<string, string> {
  const ranking = opened.rankings.get({ by: 'combined', per: 'case' });
  const worst = opened.rankings.worst({ by: 'combined' });
  const words = new Map<string, string>();
  for (const id of ids) {
    const entry = ranking?.byKey.get(labelKey(id, null));
    const summary = opened.project.case(id);
    if (!entry || !summary) continue;
    const reasons = entry.reasons.find(({ structure }) => structure === worst.get(id));
    const scale = Math.sqrt(summary.width * summary.height) / 256;
    const [first] = reasons ? reasonWords(reasons, scale) : [];
    if (first !== undefined) words.set(id, first);
  }
  return words;
}

function history(opened: Opened, id: string): ReviewModel['revisions'] {
  return opened.project.structures
    .flatMap(({ name }) => opened.project.revisions(id, name))
    .sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0))
    .slice(0, HISTORY)
    .map(({ structure, reason, author, at, number }) => ({
      structure,
      text: `${reason.charAt(0).toUpperCase()}${reason.slice(1)}, revision ${number}`,
      at: `${author}, ${time.format(new Date(at))}`,
    }));
}

export function pageRoutes(app: Hono, context: ServerContext): void {
  const { workspace, home } = context;

  app.get('/', async (c) => {
    if (!workspace.current) return startPage(await home.recent());
    const asked = query(c, PageQuery);
    const opened = workspace.require();
    const search = {
      offset: asked.offset,
      limit: LIMIT,
      search: asked.search,
      ...(asked.show === 'open' && { verdict: 'none' }),
    };
    const queue = opened.queue.page(CasesQuery.parse(search));
    const ranking = opened.rankings.get({ by: 'combined', per: 'case' });
    const id = asked.case ?? queue.entries[0]?.case;
    const known = id !== undefined && opened.project.case(id) !== null;
    const at = queue.entries.findIndex((entry) => entry.case === id);
    const selected = known ? await caseDetail(opened, id, 'combined') : null;
    return reviewPage({
      project: opened.info(),
      queue,
      limit: LIMIT,
      search: asked.search,
      show: asked.show,
      insights: opened.insights({ by: 'combined', per: 'case' }),
      entries: ranking?.entries ?? [],
      words: strongestWords(
        opened,
        queue.entries.map((entry) => entry.case),
      ),
      selected,
      proposal: selected?.proposal ?? false,
      next: queue.entries[at + 1]?.case ?? null,
      revisions: known ? history(opened, id) : [],
    });
  });

  app.post('/judge', async (c) => {
    const { case: id, verdict, back } = await form(c, Judge);
    const opened = workspace.require();
    const author = resolveAuthor((await home.settings()).reviewer ?? undefined);
    const judgement = { items: [{ case: id, structure: null }], verdict, force: true };
    const { changed } = opened.verdicts.give(await opened.writer(), judgement, author);
    if (changed.length > 0) opened.changed('verdicts', [id]);
    return c.redirect(back, 303);
  });

  app.post('/open', async (c) => {
    const { folder } = await form(c, z.object({ folder: FilePath }));
    await openFor(context, folder);
    return c.redirect('/', 303);
  });
}
