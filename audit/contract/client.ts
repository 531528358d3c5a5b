/**
 * The typed client of the server. It takes a `fetch` and a base address, so the same client works
 * over the desktop's protocol and over a loopback port. It checks every answer against its schema.
 * Pure: runs in a browser.
 */
import type { z } from 'zod';
import * as api from './api.ts';
import type { ErrorCode } from './errors.ts';
import { watchEvents } from './watch.ts';
import type { WatchOptions } from './watch.ts';
import { packMask, unpackMask } from './packing.ts';
import { CaseId } from './terms.ts';
import type { CaseColumn, Verdict } from './terms.ts';

export type Fetch = (address: string, init?: RequestInit) => Promise<Response>;

/** The error for an answer that is not 2xx: its sentence, the kind of error and the status. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  readonly status: number;
  readonly code: ErrorCode;

  constructor(status: number, sentence: string, code: ErrorCode = 'failed') {
    super(sentence);
    this.status = status;
    this.code = code;
  }
}

/** An image's samples; `PIXEL_HEADERS` explains the numbers. */
export interface ImagePixels {
  readonly width: number;
  readonly height: number;
  readonly bits: number;
  readonly minimum: number;
  readonly maximum: number;
  /** One sample per pixel, row-major, height × width. */
  readonly samples: Uint8Array | Uint16Array;
  /** Intensity windows that the file proposes. */
  readonly windows: api.WindowPresets;
  /** Whether the image file was changed since the import. */
  readonly changed: boolean;
}

export interface MaskPixels {
  readonly width: number;
  readonly height: number;
  /** Number of the mask's revision, from 1; 0 for a proposal and for a label with only strokes. */
  readonly revision: number;
  /** Row-major, height × width: 1 inside, 0 outside. */
  readonly data: Uint8Array;
}

/** The QAM's map of a case: high where the labels fit the image. */
export interface QualityMap {
  readonly width: number;
  readonly height: number;
  /** The QAM's score of the case, pooled from the map. */
  readonly score: number;
  /** Row-major, height × width, to be stretched over the image. */
  readonly values: Float32Array;
}

type Values = Readonly<Record<string, string | number | boolean | null | undefined>>;

interface Call {
  readonly query?: Values | undefined;
  readonly json?: unknown;
  readonly bytes?: Uint8Array;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal | undefined;
}

const REVISION = api.PIXEL_HEADERS.revision;

function queryOf(values: Values = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined && value !== null) query.set(name, String(value));
  }
  const text = query.toString();
  return text === '' ? '' : `?${text}`;
}

function header(response: Response, name: string): number {
  const value = Number(response.headers.get(name) ?? 'x');
  if (!Number.isInteger(value)) throw new Error(`the answer lacks the header ${name}`);
  return value;
}

function windowsOf(response: Response): api.WindowPresets {
  const text = response.headers.get(api.PIXEL_HEADERS.windows);
  return text === null ? [] : api.WindowPresets.parse(JSON.parse(decodeURIComponent(text)));
}

function samplesOf(buffer: ArrayBuffer, bits: number): Uint8Array | Uint16Array {
  if (bits <= 8) return new Uint8Array(buffer);
  if (new Uint8Array(Uint16Array.of(1).buffer)[0] === 1) return new Uint16Array(buffer);
  const view = new DataView(buffer);
  return Uint16Array.from({ length: buffer.byteLength / 2 }, (_, i) => view.getUint16(i * 2, true));
}

const caseOf = (id: string): string => `/api/cases/${encodeURIComponent(CaseId.parse(id))}`;
const labelOf = (id: string, structure: string): string =>
  `${caseOf(id)}/labels/${encodeURIComponent(structure)}`;

/** @param base for example `http://127.0.0.1:8080`, or empty for the page's own origin. */
export function createClient(fetch: Fetch, base = '') {
  async function call(method: string, path: string, options: Call = {}): Promise<Response> {
    const { query, json, bytes, headers = {}, signal } = options;
    const response = await fetch(`${base}${path}${queryOf(query)}`, {
      method,
      headers: {
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...(bytes && { 'content-type': 'application/octet-stream' }),
        ...headers,
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
      ...(bytes && { body: bytes as Uint8Array<ArrayBuffer> }),
      ...(signal && { signal }),
    });
    if (response.ok) return response;
    const said = api.ApiError.safeParse(await response.json().catch(() => null));
    if (said.success) throw new ApiFailure(response.status, said.data.error, said.data.code);
    throw new ApiFailure(response.status, `The server answered ${response.status}.`, 'internal');
  }

  async function ask<Schema extends z.ZodType>(
    schema: Schema,
    method: string,
    path: string,
    options?: Call,
  ): Promise<z.output<Schema>> {
    const response = await call(method, path, options);
    return schema.parse(await response.json());
  }

  async function maskAt(path: string, query: Values, signal?: AbortSignal): Promise<MaskPixels> {
    const asked = { ...query, packing: 'runs' };
    const response = await call('GET', path, { query: asked, signal });
    const width = header(response, api.PIXEL_HEADERS.width);
    const height = header(response, api.PIXEL_HEADERS.height);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const data = unpackMask(bytes, width * height, 'runs');
    if (!data) throw new Error('the mask is not of the size it says');
    return { width, height, data, revision: Number(response.headers.get(REVISION) ?? 0) };
  }

  return {
    status: () => ask(api.Status, 'GET', '/api/status'),

    recentProjects: () => ask(api.RecentProjects, 'GET', '/api/projects'),
    openProject: (folder: string) =>
      ask(api.ProjectInfo, 'POST', '/api/projects/open', { json: { folder } }),
    forgetProject: (folder: string) =>
      ask(api.RecentProjects, 'POST', '/api/projects/forget', { json: { folder } }),
    /** Address of a recent project's picture. @param version `RecentProject.picture` */
    recentPictureAddress: (folder: string, version: string) =>
      `${base}/api/projects/picture${queryOf({ folder, v: version })}`,
    folders: (path?: string, signal?: AbortSignal) =>
      ask(api.FolderListing, 'GET', '/api/folders', { query: { path }, signal }),
    /** The report on the results that a benchmark has now. */
    benchmark: (folder: string) =>
      ask(api.BenchmarkReport, 'GET', '/api/benchmark', { query: { folder } }),
    demo: () => ask(api.DemoState, 'GET', '/api/demo'),
    startDemo: (request: api.DemoRequest = {}) =>
      ask(api.Task, 'POST', '/api/demo', { json: request }),
    project: () => ask(api.ProjectInfo, 'GET', '/api/project'),
    closeProject: () => ask(api.Nothing, 'POST', '/api/project/close'),
    notices: () => ask(api.Notices, 'GET', '/api/project/notices'),
    auditLog: (query: z.input<typeof api.AuditLogQuery> = {}) =>
      ask(api.AuditLog, 'GET', '/api/project/log', { query: query as Values }),
    relink: (root: string) =>
      ask(api.ProjectInfo, 'POST', '/api/project/relink', { json: { root } }),
    structures: () => ask(api.StructureList, 'GET', '/api/project/structures'),
    changeStructure: (change: api.StructureChange) =>
      ask(api.StructureList, 'POST', '/api/project/structures', { json: change }),
    trust: () => ask(api.ProjectInfo, 'POST', '/api/project/trust'),
    verify: (images = true) => ask(api.Task, 'POST', '/api/project/verify', { json: { images } }),

    tasks: () => ask(api.TaskList, 'GET', '/api/tasks'),
    task: (id: string) => ask(api.Task, 'GET', `/api/tasks/${encodeURIComponent(id)}`),
    cancelTask: (id: string) =>
      ask(api.Task, 'POST', `/api/tasks/${encodeURIComponent(id)}/cancel`),

    cases: (query: api.CasesQuery = {}, signal?: AbortSignal) =>
      ask(api.CasesPage, 'GET', '/api/cases', { query: query as Values, signal }),
    case: (id: string, query: z.input<typeof api.CaseDetailQuery> = {}, signal?: AbortSignal) =>
      ask(api.CaseDetail, 'GET', caseOf(id), { query, signal }),
    /** The well-labelled case that is most similar to the case `id`. */
    similar: (id: string, signal?: AbortSignal) =>
      ask(api.SimilarCase, 'GET', `${caseOf(id)}/similar`, { signal }),
    /** The values of a column that a filter can choose. */
    column: (
      column: CaseColumn,
      query: z.input<typeof api.ColumnQuery> = {},
      signal?: AbortSignal,
    ) => ask(api.ColumnValues, 'GET', `/api/columns/${column}`, { query: query as Values, signal }),
    ranking: (query: api.RankingQuery = {}) =>
      ask(api.RankingPage, 'GET', '/api/ranking', { query: query as Values }),
    models: () => ask(api.Models, 'GET', '/api/models'),
    insights: (query: api.InsightsQuery = {}) =>
      ask(api.Insights, 'GET', '/api/insights', { query }),
    left: () => ask(api.LeftResult, 'GET', '/api/left'),

    /**
     * Address of a PNG with outlines.
     * @param version the `version` of the queue entry or the case: lets the browser keep the picture
     *   for good
     * @param size longer side, in pixels
     * @param structure outlines only this structure
     * @param proposal also outlines the model's proposal, dashed
     */
    pictureAddress: (
      id: string,
      version: string,
      size: number,
      structure?: string,
      proposal?: boolean,
    ) =>
      `${base}${caseOf(id)}/picture${queryOf({ size, structure, proposal: proposal || undefined, v: version })}`,

    /**
     * The samples of an image.
     * @param options.hash the case's `imageHash`: lets the browser keep the pixels for good
     */
    async image(
      id: string,
      options: { hash?: string; size?: number; signal?: AbortSignal } = {},
    ): Promise<ImagePixels> {
      const query = { size: options.size, v: options.hash };
      const response = await call('GET', `${caseOf(id)}/image`, { query, signal: options.signal });
      const bits = header(response, api.PIXEL_HEADERS.bits);
      return {
        width: header(response, api.PIXEL_HEADERS.width),
        height: header(response, api.PIXEL_HEADERS.height),
        bits,
        minimum: header(response, api.PIXEL_HEADERS.minimum),
        maximum: header(response, api.PIXEL_HEADERS.maximum),
        windows: windowsOf(response),
        changed: response.headers.has(api.PIXEL_HEADERS.changed),
        samples: samplesOf(await response.arrayBuffer(), bits),
      };
    },

    /**
     * The mask of `options.revision`. Default: the mask of the newest revision.
     * @param options.hash the mask's hash: lets the browser keep the pixels for good
     * @param options.drawn also draws the strokes since the newest revision
     */
    mask: (
      id: string,
      structure: string,
      options: { hash?: string; revision?: number; drawn?: boolean; signal?: AbortSignal } = {},
    ) => {
      const { hash, revision, drawn, signal } = options;
      return maskAt(`${labelOf(id, structure)}/mask`, { v: hash, revision, drawn }, signal);
    },

    /** The model's mask of a structure, at the image's size. */
    proposal: async (
      id: string,
      structure: string,
      options: { run?: string; signal?: AbortSignal } = {},
    ) => maskAt(`${labelOf(id, structure)}/proposal`, { run: options.run }, options.signal),

    async quality(
      id: string,
      options: { run?: string; signal?: AbortSignal } = {},
    ): Promise<QualityMap> {
      const { run, signal } = options;
      const response = await call('GET', `${caseOf(id)}/quality`, { query: { run }, signal });
      const view = new DataView(await response.arrayBuffer());
      return {
        width: header(response, api.PIXEL_HEADERS.width),
        height: header(response, api.PIXEL_HEADERS.height),
        score: Number(response.headers.get(api.PIXEL_HEADERS.score)),
        values: Float32Array.from({ length: view.byteLength / 4 }, (_, i) =>
          view.getFloat32(i * 4, true),
        ),
      };
    },

    /** Runs the encoder of the person's network on a case, ahead of the first click. */
    prepareClick: (id: string) => ask(api.Nothing, 'POST', `${caseOf(id)}/click/prepare`),
    /** The mask, at the image's size, of what a person points at. */
    async click(id: string, prompts: api.ClickPrompts): Promise<Uint8Array> {
      const response = await call('POST', `${caseOf(id)}/click`, {
        query: { packing: 'runs' },
        json: prompts,
      });
      const width = header(response, api.PIXEL_HEADERS.width);
      const height = header(response, api.PIXEL_HEADERS.height);
      const mask = unpackMask(new Uint8Array(await response.arrayBuffer()), width * height, 'runs');
      if (!mask) throw new Error('the mask is not of the size it says');
      return mask;
    },

    revisions: (id: string, structure: string) =>
      ask(api.Revisions, 'GET', `${labelOf(id, structure)}/revisions`),
    /**
     * Adds a revision.
     * @param options.expected hash of the mask that was edited, or null if the label was absent. The
     *   server refuses (412) if the label has another mask now. Default: the server does not check
     */
    addRevision: (
      id: string,
      structure: string,
      mask: Uint8Array,
      options: { reason?: string; expected?: string | null } = {},
    ) =>
      ask(api.RevisionInfo, 'POST', `${labelOf(id, structure)}/revisions`, {
        query: { packing: 'runs', reason: options.reason },
        bytes: packMask(mask, 'runs'),
        ...(options.expected !== undefined && {
          headers: { 'if-match': `"${options.expected ?? ''}"` },
        }),
      }),
    restore: (id: string, structure: string, revision: number) =>
      ask(api.RevisionInfo, 'POST', `${labelOf(id, structure)}/restore`, { json: { revision } }),
    removeLabel: (id: string, structure: string) =>
      ask(api.RevisionInfo, 'DELETE', labelOf(id, structure)),

    strokes: (id: string, structure: string) =>
      ask(api.Strokes, 'GET', `${labelOf(id, structure)}/strokes`),
    appendStroke: (id: string, structure: string, stroke: api.StrokeRequest) =>
      ask(api.StrokeInfo, 'POST', `${labelOf(id, structure)}/strokes`, { json: stroke }),
    foldStrokes: (id: string, structure: string, reason?: string) =>
      ask(api.FoldResult, 'POST', `${labelOf(id, structure)}/strokes/fold`, { json: { reason } }),

    comment: (id: string, structure: string, text: string) =>
      ask(api.Nothing, 'PUT', `${labelOf(id, structure)}/comment`, { json: { text } }),
    judge: (
      items: api.VerdictRequest['items'],
      verdict: Verdict | null,
      options: Pick<api.VerdictRequest, 'also' | 'comment' | 'force' | 'blind' | 'step'> = {},
    ) => ask(api.VerdictResult, 'POST', '/api/verdicts', { json: { items, verdict, ...options } }),
    undoVerdict: (undo?: string) =>
      ask(api.VerdictResult, 'POST', '/api/verdicts/undo', { json: { undo } }),

    runs: () => ask(api.RunList, 'GET', '/api/runs'),
    run: (id: string) => ask(api.RunInfo, 'GET', `/api/runs/${encodeURIComponent(id)}`),
    metrics: (id: string, after = 0, fold?: number) =>
      ask(api.Metrics, 'GET', `/api/runs/${encodeURIComponent(id)}/metrics`, {
        query: { after, fold },
      }),
    outlook: () => ask(api.Outlook, 'GET', '/api/outlook'),
    series: (id: string, query: api.SeriesQuery = {}) =>
      ask(api.RunSeries, 'GET', `/api/runs/${encodeURIComponent(id)}/series`, {
        query: query as Values,
      }),
    moved: (id: string, query: api.MovedQuery = {}) =>
      ask(api.Moved, 'GET', `/api/runs/${encodeURIComponent(id)}/moved`, {
        query: query as Values,
      }),

    train: (request: api.TrainRequest = {}) =>
      ask(api.Task, 'POST', '/api/runs', { json: request }),
    chooseRun: (run: string | null) =>
      ask(api.Nothing, 'PUT', '/api/ranking/run', { json: { run } }),
    resumeRun: (id: string) => ask(api.Task, 'POST', `/api/runs/${encodeURIComponent(id)}/resume`),
    cancelRun: (id: string) => ask(api.Task, 'POST', `/api/runs/${encodeURIComponent(id)}/cancel`),
    pauseRun: (id: string) => ask(api.Nothing, 'POST', `/api/runs/${encodeURIComponent(id)}/pause`),
    continueRun: (id: string) =>
      ask(api.Nothing, 'POST', `/api/runs/${encodeURIComponent(id)}/continue`),
    score: (model?: string) => ask(api.Task, 'POST', '/api/score', { json: { model } }),
    evaluate: (truth: string, run?: string) =>
      ask(api.Evaluations, 'POST', '/api/evaluate', { json: { truth, run } }),

    importFormats: () => ask(api.ImportFormats, 'GET', '/api/import/formats'),
    previewImport: (request: z.input<typeof api.ImportPreviewRequest>, signal?: AbortSignal) =>
      ask(api.ImportPreview, 'POST', '/api/import/preview', { json: request, signal }),
    importDataset: (request: api.ImportRequest) =>
      ask(api.Task, 'POST', '/api/import', { json: request }),
    exportFormats: () => ask(api.ExportFormats, 'GET', '/api/export/formats'),
    exportOutlook: (request: api.ExportOutlookRequest = {}, signal?: AbortSignal) =>
      ask(api.ExportOutlook, 'POST', '/api/export/outlook', { json: request, signal }),
    exportDataset: (request: api.ExportRequest) =>
      ask(api.Task, 'POST', '/api/export', { json: request }),
    report: (request: api.ReportRequest = {}) =>
      ask(api.Task, 'POST', '/api/report', { json: request }),
    /** Address of a file of the report that a task wrote. */
    reportAddress: (task: string, file: api.ReportFile) =>
      `${base}/api/reports/${encodeURIComponent(task)}/${file}`,
    packProject: (request: api.PackRequest) =>
      ask(api.Task, 'POST', '/api/pack', { json: request }),
    unpackProject: (file: string, project: string) =>
      ask(api.Task, 'POST', '/api/unpack', { json: { file, project } }),
    unpackDataset: (source: string) =>
      ask(api.Task, 'POST', '/api/import/unpack', { json: { source } }),
    doctor: () => ask(api.Task, 'POST', '/api/doctor'),
    setUp: (backend: api.BackendName) => ask(api.Task, 'POST', '/api/setup', { json: { backend } }),

    settings: () => ask(api.Settings, 'GET', '/api/settings'),
    changeSettings: (change: api.SettingsChange) =>
      ask(api.Settings, 'PATCH', '/api/settings', { json: change }),

    /** Follows the server's events until `signal` is aborted, and reconnects by itself. */
    watch: (options: WatchOptions) =>
      watchEvents((headers, signal) => call('GET', '/api/events', { headers, signal }), options),
  };
}

export type Client = ReturnType<typeof createClient>;
