/** Exports of the corrected dataset, evaluations and reports. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Hono } from 'hono';
import {
  EvaluateRequest,
  ExportOutlookRequest,
  ExportRequest,
  ReportFile,
  ReportRequest,
  ReportResult,
} from '../../contract/api.ts';
import type { Evaluations, ExportFormats, ExportOutlook } from '../../contract/api.ts';
import { exportDataset } from '../../datasets/export/export.ts';
import { formatsToWrite } from '../../datasets/registry.ts';
import { foreseeExport } from '../../datasets/export/losses.ts';
import { evaluateProject } from '../../ranking/evaluate.ts';
import type { Evaluation } from '../../ranking/evaluate.ts';
import { loadTruth } from '../../ranking/truth.ts';
import { keptReports, writeReport } from '../../report/report.ts';
import type { ProjectReader } from '../../store/types.ts';
import type { ServerContext } from '../http/context.ts';
import { body, param } from '../http/input.ts';
import { Refusal } from '../http/respond.ts';

const TYPES: Readonly<Record<ReportFile, string>> = {
  'report.html': 'text/html; charset=utf-8',
  'ranking.csv': 'text/csv; charset=utf-8',
};

/** Tells a person what an export in the dataset's own format holds. */
const OWN_FORMAT = 'The dataset’s own files; only corrected labels differ from them.';

async function evaluate(
  project: ProjectReader,
  truth: string,
  run: string | undefined,
): Promise<Evaluation[]> {
  const loaded = await loadTruth(project, truth);
  return evaluateProject(project, loaded.truth, run === undefined ? {} : { model: run });
}

export function exportRoutes(app: Hono, { workspace, tasks }: ServerContext): void {
  app.post('/api/evaluate', async (c) => {
    const { truth, run } = await body(c, EvaluateRequest);
    const evaluations = await evaluate(workspace.require().project, truth, run);
    return c.json({
      evaluations: evaluations.map((evaluation) => ({ ...evaluation, lift: [...evaluation.lift] })),
    } satisfies Evaluations);
  });

  app.get('/api/export/formats', (c) => {
    const own = workspace.require().project.origin.format;
    const formats = formatsToWrite(own).map(({ name, title, writer: { holds } }) => ({
      format: name,
      name: title,
      holds: name === own || holds === null ? OWN_FORMAT : holds,
      own: name === own,
    }));
    return c.json({ formats } satisfies ExportFormats);
  });

  app.post('/api/export/outlook', async (c) => {
    const { format } = await body(c, ExportOutlookRequest);
    const outlook = await foreseeExport(workspace.require().project, {
      signal: c.req.raw.signal,
      ...(format !== undefined && { format }),
    });
    return c.json({ ...outlook, losses: [...outlook.losses] } satisfies ExportOutlook);
  });

  app.post('/api/export', async (c) => {
    const { out, format, link, changedImages } = await body(c, ExportRequest);
    const { project } = workspace.require();
    const task = tasks.start(
      { kind: 'export', title: `Export to ${out}`, writes: false, project: true },
      (signal, onProgress) =>
        exportDataset(project, out, {
          link,
          changedImages,
          signal,
          onProgress,
          ...(format !== undefined && { format }),
        }),
    );
    return c.json(task, 202);
  });

  app.post('/api/report', async (c) => {
    const { out, run, truth } = await body(c, ReportRequest);
    const { project } = workspace.require();
    const task = tasks.start(
      { kind: 'report', title: 'Write the report', writes: false, project: true },
      async (signal, onProgress) => {
        const evaluation = truth === undefined ? null : await evaluate(project, truth, run);
        const kept = keptReports(project.folder);
        if (out === undefined) await mkdir(kept, { recursive: true });
        return writeReport(project, out ?? join(kept, randomUUID()), {
          signal,
          onProgress,
          ...(run !== undefined && { model: run }),
          ...(evaluation && { evaluation }),
        });
      },
    );
    return c.json(task, 202);
  });

  /** A file of a report that a task of this server wrote; no request can name another path. */
  app.get('/api/reports/:task/:file', async (c) => {
    const file = param(c, 'file', ReportFile);
    const task = tasks.get(c.req.param('task'));
    const result = ReportResult.safeParse(task?.result);
    if (task?.kind !== 'report' || !result.success) {
      throw new Refusal(404, 'There is no such report.');
    }
    const path = file === 'report.html' ? result.data.page : result.data.csv;
    const bytes = await readFile(path).catch(() => {
      throw new Refusal(404, 'The report is not there any more: write it again.');
    });
    return new Response(bytes, {
      headers: {
        'content-type': TYPES[file],
        'content-disposition': `attachment; filename="${file}"`,
        'content-security-policy': 'sandbox',
        'cache-control': 'no-store',
      },
    });
  });
}
