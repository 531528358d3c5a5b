/** A fake server with a project in review: its queue, and its cases with lung, heart and pixels. */
import { onTestFinished } from 'vitest';
import { packMask } from '../../../audit/contract/packing.ts';
import { PIXEL_HEADERS } from '../../../audit/contract/api.ts';
import type {
  CaseDetail,
  Insights,
  QueueEntry,
  RankedBy,
  RevisionInfo,
} from '../../../audit/contract/api.ts';
import { caseVerdict } from '../../../audit/contract/terms.ts';
import type { Verdict } from '../../../audit/contract/terms.ts';
import { Casework } from '../../../renderer/case/casework.ts';
import { pixelLoader } from '../../../renderer/case/pixels.ts';
import { drawHandlers, lookHandlers } from '../../../renderer/review/handlers.ts';
import { queueHandlers, verdictHandlers } from '../../../renderer/review/handlers.ts';
import { Review } from '../../../renderer/review/review.svelte.ts';
import { actions } from '../../../renderer/shared/actions.svelte.ts';
import { client } from '../../../renderer/shared/api.ts';
import { notices } from '../../../renderer/shared/notices.svelte.ts';
import { session } from '../../../renderer/shared/session.svelte.ts';
import { projectOf } from '../mounted/index.ts';
import { serve } from '../mounted/server.ts';
import type { Asked, FakeServer } from '../mounted/server.ts';

export const WIDTH = 32;
export const HEIGHT = 24;
const AT = '2026-11-01T10:00:00.000Z';
const hashOf = (text: string): string =>
  Array.from(text, (sign) => sign.charCodeAt(0).toString(16))
    .join('')
    .padEnd(64, '0')
    .slice(0, 64);

/** A mask with a rectangle of 6 × 5 pixels, moved to the right by `shift` pixels. */
export function maskOf(shift = 0): Uint8Array {
  const mask = new Uint8Array(WIDTH * HEIGHT);
  for (let y = 8; y < 13; y += 1) mask.fill(1, y * WIDTH + 10 + shift, y * WIDTH + 16 + shift);
  return mask;
}

/** A ranking by expected dice of networks that learned all structures. */
export const rankedOf = (change: Partial<RankedBy> = {}): RankedBy => ({
  model: 'run 1',
  by: 'combined',
  number: 'expected',
  uncalibrated: [],
  unlearned: [],
  collapse: null,
  passedOver: null,
  chosen: false,
  ...change,
});

/** Row `n` of a queue of 30 cases, from 1: its rank, too. The heart is the worst. */
export function rowOf(n: number, change: Partial<QueueEntry> = {}): QueueEntry {
  return {
    case: `c${n}`,
    structure: null,
    rank: n,
    score: 0.6 + n / 100,
    number: 'expected',
    percentile: (n - 1) / 30,
    previousRank: null,
    verdict: null,
    blind: false,
    expected: null,
    stale: false,
    worst: 'heart',
    width: WIDTH,
    height: HEIGHT,
    labels: ['lung', 'heart'].map((structure) => ({ structure, state: 'drawn', verdict: null })),
    version: 'v1',
    ...change,
  };
}

/** What the inspector shows of a row's case. */
export function detailOf(row: QueueEntry, change: Partial<CaseDetail> = {}): CaseDetail {
  const { rank, score, number, percentile, previousRank } = row;
  const ranks = { rank, score, number, percentile, previousRank };
  return {
    case: {
      id: row.case,
      width: WIDTH,
      height: HEIGHT,
      bits: 8,
      spacing: [0.5, 0.5],
      split: 'train',
      annotator: 'Ada',
      patient: null,
      study: null,
      imageHash: hashOf(row.case),
      labels: row.labels.map(({ structure, state, verdict }) => ({
        structure,
        state,
        mask: state === 'absent' ? null : hashOf(`${row.case} ${structure}`),
        revision: state === 'absent' ? 0 : 1,
        area: state === 'absent' ? 0 : 30,
        verdict,
        comment: null,
        changed: false,
      })),
      verdict: row.verdict,
    },
    version: row.version,
    model: 'run 1',
    ranked: rankedOf(),
    by: 'combined',
    ranks,
    labels: row.labels.map(({ structure }, index) => ({
      structure,
      ranks: { ...ranks, score: (score ?? 0) + (index === 0 ? 0.3 : 0) },
      reasons: {
        structure,
        expected: null,
        dice: 0.81,
        areaRatio: 1.42,
        areaZ: 3,
        boundary: -2.4,
        boundaryOff: 0.3,
        learned: -1,
        softmin: null,
        kind: null,
        place: null,
      },
      words: structure === 'heart' ? ['The heart is larger than usual.'] : [],
      stale: false,
    })),
    proposal: true,
    quality: true,
    ...change,
  };
}

export const histogram: Insights['histogram'] = {
  low: -2,
  high: 2,
  counts: [1, 4, 9, 16],
  verdicts: {
    open: [1, 4, 9, 16],
    accepted: [0, 0, 0, 0],
    fixed: [0, 0, 0, 0],
    excluded: [0, 0, 0, 0],
    flagged: [0, 0, 0, 0],
  },
};

export function revisionOf(number: number, change: Partial<RevisionInfo> = {}): RevisionInfo {
  return {
    number,
    mask: hashOf(`revision ${number}`),
    area: 30,
    author: 'Ada',
    at: AT,
    reason: number === 1 ? 'import' : 'fixed',
    sourceFile: null,
    ...change,
  };
}

const pixels = (bytes: Uint8Array, more: Readonly<Record<string, string>> = {}): Response =>
  new Response(bytes as Uint8Array<ArrayBuffer>, {
    headers: { [PIXEL_HEADERS.width]: `${WIDTH}`, [PIXEL_HEADERS.height]: `${HEIGHT}`, ...more },
  });

/**
 * The server's answer with an image: a grey ramp from 0 to `top` in 8 bits.
 * @param more further headers
 */
export function imageAnswer(more: Readonly<Record<string, string>> = {}, top = 200): Response {
  const samples = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i * top) / 767);
  const { bits, minimum, maximum } = PIXEL_HEADERS;
  return pixels(samples, { [bits]: '8', [minimum]: '0', [maximum]: `${top}`, ...more });
}

export const maskAnswer = (mask: Uint8Array, revision = 1): Response =>
  pixels(packMask(mask, 'runs'), { [PIXEL_HEADERS.revision]: `${revision}` });

/** The server's answer with a quality map of 2 × 2 cells. */
function qualityAnswer(values: readonly number[]): Response {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, i) => view.setFloat32(4 * i, value, true));
  const { width, height, score } = PIXEL_HEADERS;
  return new Response(view.buffer, { headers: { [width]: '2', [height]: '2', [score]: '-1' } });
}

/**
 * A fake server with these rows in its queue. It keeps verdicts, and filters by name and by verdict.
 */
class ReviewWorld {
  rows: QueueEntry[];
  readonly server: FakeServer;

  constructor(rows: readonly QueueEntry[]) {
    this.rows = [...rows];
    const label = '/api/cases/:id/labels/:structure';
    this.server = serve({
      'GET /api/cases': (asked) => this.#page(asked),
      'GET /api/cases/:id': ({ named }) => detailOf(this.row(named['id'])),
      'GET /api/cases/:id/image': () => imageAnswer(),
      'GET /api/cases/:id/quality': () => qualityAnswer([-1.5, 0, 0.5, 1]),
      [`GET ${label}/mask`]: () => maskAnswer(maskOf()),
      [`GET ${label}/proposal`]: () => maskAnswer(maskOf(1), 0),
      [`GET ${label}/strokes`]: () => ({ strokes: [] }),
      [`POST ${label}/strokes`]: ({ body }) => ({
        ...(body as object),
        id: 1,
        baseRevision: 1,
        author: 'Ada',
        at: AT,
      }),
      [`POST ${label}/strokes/fold`]: () => ({ revision: revisionOf(2) }),
      [`GET ${label}/revisions`]: () => ({ revisions: [revisionOf(1)] }),
      [`PUT ${label}/comment`]: () => ({}),
      'GET /api/insights': () => insightsOf(),
      'GET /api/columns/:column': ({ named }) => ({
        column: named['column'],
        total: 0,
        without: this.rows.length,
        values: [],
      }),
      'POST /api/verdicts': ({ body }) => this.#judge(body as Judging),
      'PATCH /api/settings': ({ body }) => ({
        theme: 'dark',
        reviewer: null,
        backend: null,
        keys: {},
        blindChecks: true,
        ...(body as object),
      }),
    });
  }

  row(id: string): QueueEntry {
    return this.rows.find((row) => row.case === id) ?? rowOf(99, { case: id });
  }

  /** The verdicts that the window sent, one line for each part of a request. */
  get verdicts(): string[] {
    return (this.server.sent('POST /api/verdicts') as Judging[]).flatMap(
      ({ also = [], comment, ...first }) =>
        [first, ...also].map(({ items, verdict }) =>
          [
            items.map((item) => [item.case, item.structure ?? ''].join(' ').trim()).join(', '),
            verdict ?? 'none',
            ...(comment === undefined ? [] : [comment]),
          ].join(': '),
        ),
    );
  }

  #page({ query }: Asked): unknown {
    const listed = this.rows
      .flatMap((row) =>
        query['per'] === 'label'
          ? row.labels.map(({ structure, verdict }) => ({ ...row, structure, verdict }))
          : [row],
      )
      .filter((row) => row.case.includes(query['search'] ?? ''))
      .filter((row) => [undefined, row.verdict ?? 'none'].includes(query['verdict']));
    const offset = Number(query['offset'] ?? 0);
    const after = query['findOpen'];
    const found = listed.findIndex((row, index) =>
      after === undefined
        ? row.case === query['find'] && (row.structure ?? undefined) === query['findStructure']
        : index >= Number(after) && row.verdict === null,
    );
    return {
      offset,
      total: listed.length,
      entries: listed.slice(offset, offset + Number(query['limit'] ?? 100)),
      model: 'run 1',
      ranked: rankedOf(),
      snapshot: 's1',
      found: found < 0 ? null : found,
    };
  }

  #judge({ also = [], ...first }: Judging): { undo: string; changed: JudgedLabel[] } {
    return { undo: 'u1', changed: [first, ...also].flatMap((part) => this.#judgePart(part)) };
  }

  #judgePart({ items, verdict }: JudgingPart): JudgedLabel[] {
    const changed = items.flatMap(({ case: id, structure }) =>
      this.row(id)
        .labels.filter((label) => structure === null || label.structure === structure)
        .map((label) => ({ case: id, structure: label.structure, verdict })),
    );
    this.rows = this.rows.map((row) => {
      const labels = row.labels.map((label) =>
        changed.some((one) => one.case === row.case && one.structure === label.structure)
          ? { ...label, verdict }
          : label,
      );
      return { ...row, labels, verdict: caseVerdict(labels) };
    });
    return changed;
  }
}

interface JudgedLabel {
  readonly case: string;
  readonly structure: string;
  readonly verdict: Verdict | null;
}

interface JudgingPart {
  readonly items: readonly { readonly case: string; readonly structure: string | null }[];
  readonly verdict: Verdict | null;
}

interface Judging extends JudgingPart {
  readonly also?: readonly JudgingPart[];
  readonly comment?: string;
}

export function insightsOf(change: Partial<Insights> = {}): Insights {
  const all = { total: 30, found: 0, open: 30, accepted: 0, fixed: 0, excluded: 0, flagged: 0 };
  return {
    cases: all,
    labels: all,
    structures: [],
    annotators: [],
    ranked: rankedOf(),
    histogram,
    curve: [],
    ...change,
  };
}

/** `count` rows, the worst first. */
export const rowsOf = (count: number): QueueEntry[] =>
  Array.from({ length: count }, (_, index) => rowOf(index + 1));

interface Opened {
  readonly world: ReviewWorld;
  readonly server: FakeServer;
  readonly review: Review;
  readonly casework: Casework;
}

/**
 * Opens a review of these rows with the first on the stage, and provides the review's actions to keys.
 */
export async function openReview(
  rows: readonly QueueEntry[] = rowsOf(30),
  options: { blind?: boolean; flag?: () => void; routes?: Parameters<typeof serve>[0] } = {},
): Promise<Opened> {
  session.project = projectOf();
  const world = new ReviewWorld(rows);
  world.server.answer(options.routes ?? {});
  const casework = new Casework(client, pixelLoader(client));
  const say = (notice: Parameters<typeof notices.show>[0]): void => void notices.show(notice);
  const review = new Review(client, casework, say, options.blind);
  await review.start();
  await casework.opened.settled();
  casework.opened.stage.resize({ width: 320, height: 240 }, 1);
  const stop = actions.provide({
    ...lookHandlers(casework),
    ...drawHandlers(casework),
    ...queueHandlers(review, () => 5),
    ...verdictHandlers(review, options.flag ?? (() => undefined)),
    cancel: () => review.queue.selected.clear(),
  });
  onTestFinished(stop);
  return { world, server: world.server, review, casework };
}
