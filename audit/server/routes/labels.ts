/** A person's changes: revisions, strokes, verdicts and comments. */
import type { Context, Hono } from 'hono';
import {
  CommentRequest,
  FoldRequest,
  RestoreRequest,
  RevisionQuery,
  STROKE_SIDE,
  StrokeRequest,
  UndoRequest,
  VerdictRequest,
} from '../../contract/api.ts';
import type { RevisionInfo, StrokeInfo, VerdictResult } from '../../contract/api.ts';
import { unpackMask } from '../../contract/packing.ts';
import type { CaseSummary, LabelSummary } from '../../contract/terms.ts';
import { addComment } from '../../review/verdicts.ts';
import type { LabelRevision, StoredStroke } from '../../store/types.ts';
import type { ServerContext } from '../http/context.ts';
import { body, query } from '../http/input.ts';
import { Refusal } from '../http/respond.ts';
import { parseStroke } from '../project/strokes.ts';
import type { OpenedProject } from '../project/opened-project.ts';
import { addressedLabel } from './found.ts';

/** The most bytes of a stroke: its two sides, and room for the rest. */
const LARGEST_STROKE = 2 * STROKE_SIDE + 2 ** 20;
/** The most bytes of a request for verdicts, which may name 2000 labels with the longest names. */
const LARGEST_VERDICTS = 8 * 2 ** 20;

function revisionInfo(revision: LabelRevision): RevisionInfo {
  const { number, mask, area, author, at, reason, sourceFile } = revision;
  return { number, mask, area, author, at, reason, sourceFile };
}

function strokeInfo(stroke: StoredStroke): StrokeInfo {
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  return { ...stroke, before: base64(stroke.before), after: base64(stroke.after) };
}

export function labelRoutes(app: Hono, { workspace, home }: ServerContext): void {
  const find = (
    c: Context,
  ): { opened: OpenedProject; summary: CaseSummary; label: LabelSummary; id: string } => {
    const opened = workspace.require();
    const { summary, label } = addressedLabel(c, opened.project);
    return { opened, summary, label, id: summary.id };
  };

  /** @throws Refusal (412) when If-Match names a mask that is not the label's newest */
  const checkIsNewest = (c: Context, label: LabelSummary): void => {
    const expected = c.req.header('if-match');
    if (expected === undefined || expected.trim() === '*') return;
    if (expected.trim() !== `"${label.mask ?? ''}"`) {
      throw new Refusal(412, 'The label was changed meanwhile: load it again.');
    }
  };

  const LABEL = '/api/cases/:id/labels/:structure';

  app.get(`${LABEL}/revisions`, (c) => {
    const { opened, id, label } = find(c);
    const revisions = opened.project.revisions(id, label.structure);
    return c.json({ revisions: revisions.map(revisionInfo) });
  });

  app.post(`${LABEL}/revisions`, async (c) => {
    const { packing, reason } = query(c, RevisionQuery);
    const type = c.req.header('content-type') ?? '';
    if (!/^application\/octet-stream\b/i.test(type)) {
      throw new Refusal(415, 'Send the mask as application/octet-stream.');
    }
    const { opened, summary, label, id } = find(c);
    checkIsNewest(c, label);
    const { width, height } = summary;
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    const data = unpackMask(bytes, width * height, packing);
    if (!data) {
      throw new Refusal(400, `Send ${width} × ${height} pixels of 0 or 1, packed as ${packing}.`);
    }
    const mask = { width, height, data };
    const by = { author: await home.author(), reason };
    const revision = await (await opened.writer()).addRevision(id, label.structure, mask, by);
    opened.changed('labels', [id]);
    return c.json(revisionInfo(revision), 201);
  });

  app.post(`${LABEL}/restore`, async (c) => {
    const { revision: number } = await body(c, RestoreRequest);
    const { opened, label, id } = find(c);
    const { project } = opened;
    const older = project.revisions(id, label.structure).find((other) => other.number === number);
    if (!older) throw new Refusal(404, 'There is no such revision.');
    const mask = older.mask === null ? null : await project.mask(id, label.structure, number);
    const by = { author: await home.author(), reason: 'restore' };
    const revision = await (await opened.writer()).addRevision(id, label.structure, mask, by);
    opened.changed('labels', [id]);
    return c.json(revisionInfo(revision), 201);
  });

  /** Makes the label absent. */
  app.delete(LABEL, async (c) => {
    const { opened, label, id } = find(c);
    checkIsNewest(c, label);
    if (label.state === 'absent') throw new Refusal(404, 'This label is absent already.');
    const by = { author: await home.author(), reason: 'remove' };
    const revision = await (await opened.writer()).addRevision(id, label.structure, null, by);
    opened.changed('labels', [id]);
    return c.json(revisionInfo(revision));
  });

  app.get(`${LABEL}/strokes`, (c) => {
    const { opened, id, label } = find(c);
    return c.json({ strokes: opened.project.strokes(id, label.structure).map(strokeInfo) });
  });

  app.post(`${LABEL}/strokes`, async (c) => {
    const request = await body(c, StrokeRequest, LARGEST_STROKE);
    const { opened, summary, label, id } = find(c);
    const stroke = parseStroke(request, summary);
    const by = { author: await home.author() };
    const writer = await opened.writer();
    const stored = await opened.journal.append(writer, id, label.structure, stroke, by);
    return c.json(strokeInfo(stored), 201);
  });

  app.post(`${LABEL}/strokes/fold`, async (c) => {
    const { reason } = await body(c, FoldRequest);
    const { opened, label, id } = find(c);
    const by = { author: await home.author(), ...(reason !== undefined && { reason }) };
    const revision = await (await opened.writer()).foldStrokes(id, label.structure, by);
    if (revision) opened.changed('labels', [id]);
    if (!revision) return c.json({ revision });
    const { changed } = find(c).label;
    return c.json({ revision: revisionInfo(revision), changed });
  });

  app.put(`${LABEL}/comment`, async (c) => {
    const { text } = await body(c, CommentRequest);
    const { opened, label, id } = find(c);
    addComment(await opened.writer(), id, label.structure, text, { author: await home.author() });
    opened.changed('comments', [id]);
    return c.json({});
  });

  app.post('/api/verdicts', async (c) => {
    const request = await body(c, VerdictRequest, LARGEST_VERDICTS);
    const opened = workspace.require();
    const { blind } = request;
    const result = opened.verdicts.give(
      await opened.writer(),
      request,
      await home.author(),
      blind && ((id, structure) => opened.blindKind(blind, id, structure)),
    );
    const cases = [...new Set(result.changed.map((label) => label.case))];
    if (cases.length > 0) opened.changed('verdicts', cases);
    return c.json(result satisfies VerdictResult);
  });

  app.post('/api/verdicts/undo', async (c) => {
    const { undo } = await body(c, UndoRequest);
    const opened = workspace.require();
    const result = opened.verdicts.undo(await opened.writer(), undo, await home.author());
    opened.changed('verdicts', [...new Set(result.changed.map((label) => label.case))]);
    return c.json(result satisfies VerdictResult);
  });
}
