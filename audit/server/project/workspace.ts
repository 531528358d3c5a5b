/**
 * The open project: at most one. It is opened for writing where the lock can be had, else for
 * reading, and the lock is asked for again at the first thing to write.
 */
import { resolve } from 'node:path';
import pLimit from 'p-limit';
import type { Insights, Left, Outlook, ProjectInfo } from '../../contract/api.ts';
import type { BlindKind, RankPer } from '../../contract/terms.ts';
import { UserError } from '../../errors.ts';
import { leftOf } from '../../ranking/evidence.ts';
import { VerdictLog } from '../../review/verdict-log.ts';
import { openProject, openProjectForWriting } from '../../store/project.ts';
import type {
  ProjectReader,
  ProjectWriter,
  StrokeReader,
  StrokeWriter,
} from '../../store/types.ts';
import { BlindChecks } from './blind.ts';
import type { EventBus } from '../tasks/bus.ts';
import { Journal } from './journal.ts';
import { Labels } from './labels.ts';
import { ModelViews } from '../pictures/model-pictures.ts';
import { Pixels } from '../pictures/pixels.ts';
import { Queue } from './queue.ts';
import { insights } from './insights.ts';
import type { Shown } from './insights.ts';
import { outlook } from './training-preview.ts';
import { Rankings } from './rankings.ts';
import type { RankingQuery } from './rankings.ts';
import { Refusal } from '../http/respond.ts';
import { SimilarCases } from './similar.ts';
import { VerdictSteps } from './verdicts.ts';

export type ProjectPart = 'labels' | 'verdicts' | 'comments' | 'scores' | 'runs' | 'project';
type Reader = ProjectReader & StrokeReader;
type Writer = ProjectWriter & StrokeWriter;

interface Host {
  readonly bus: EventBus;
  /** What writes the project, for those who find it locked. */
  readonly purpose: string;
  /** Something of the open project changed. */
  readonly onChange: () => void;
}

/** A project and what the server keeps in memory about it. */
export class Opened {
  readonly project: Reader;
  readonly labels: Labels;
  readonly rankings: Rankings;
  readonly queue: Queue;
  readonly pixels: Pixels;
  readonly journal: Journal;
  readonly models: ModelViews;
  readonly similar: SimilarCases;
  readonly verdicts = new VerdictSteps();
  readonly #judged: VerdictLog;
  readonly #blind: BlindChecks;
  readonly #insights = new Map<string, Insights>();
  /** Undefined until it is asked for. */
  #left: Left | null | undefined;
  readonly #bus: EventBus;
  readonly #purpose: string;
  readonly #onChange: () => void;
  #writer: Writer | null;
  #readOnlyBecause: string | null;
  readonly #projectIsWriter: boolean;
  #becoming: Promise<Writer> | null = null;
  /** Newest row of the audit log, and models that scored, that the queue knows of. */
  #logged: number;
  #scored: string;

  private constructor(
    project: Reader,
    writer: Writer | null,
    readOnlyBecause: string | null,
    host: Host,
  ) {
    this.project = project;
    this.#writer = writer;
    this.#projectIsWriter = writer !== null;
    this.#readOnlyBecause = readOnlyBecause;
    this.#bus = host.bus;
    this.#purpose = host.purpose;
    this.#onChange = host.onChange;
    this.labels = new Labels(project);
    this.#judged = new VerdictLog(project);
    this.rankings = new Rankings(project, this.labels);
    this.#blind = new BlindChecks(project, this.labels, this.rankings, this.#judged);
    this.queue = new Queue(project, this.labels, this.rankings, this.#blind);
    this.pixels = new Pixels(project);
    this.journal = new Journal(project);
    this.models = new ModelViews(project, this.pixels);
    this.similar = new SimilarCases(project, this.labels, this.rankings, this.pixels);
    this.#logged = project.lastAudit;
    this.#scored = project.scoresState;
  }

  /** @throws UserError when the folder is no project, or one of a newer version. */
  static async open(folder: string, host: Host): Promise<Opened> {
    try {
      const writer = await openProjectForWriting(folder, host);
      return new Opened(writer, writer, null, host);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return new Opened(await openProject(folder), null, error.message, host);
    }
  }

  get folder(): string {
    return this.project.folder;
  }

  /** @throws Refusal (409) that says who is writing it instead. */
  async writer(): Promise<Writer> {
    if (this.#writer) return this.#writer;
    this.#becoming ??= openProjectForWriting(this.folder, { purpose: this.#purpose });
    try {
      this.#writer = await this.#becoming;
      this.#readOnlyBecause = null;
      return this.#writer;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#readOnlyBecause = error.message;
      throw new Refusal(409, error.message, error.code);
    } finally {
      this.#becoming = null;
    }
  }

  info(): ProjectInfo {
    const { name, structures, counts, origin } = this.project;
    return {
      folder: this.folder,
      name,
      structures: structures.map((structure) => ({ ...structure })),
      cases: counts.cases,
      labels: counts.labels,
      origin: { format: origin.format, root: origin.root },
      writable: this.#writer !== null,
      readOnlyBecause: this.#readOnlyBecause,
      run: this.project.lastRun()?.id ?? null,
    };
  }

  /** Counts of the review, kept until something changes. */
  insights(query: RankingQuery & Partial<Pick<Shown, 'structure' | 'of'>>): Insights {
    const shown = { ...query, of: query.of ?? 'score' };
    const key = JSON.stringify([query.by, query.per, query.run, query.structure, shown.of]);
    const known = this.#insights.get(key);
    if (known) return known;
    const counted = insights(this.labels, this.#judged, this.rankings.get(query), shown);
    this.#insights.set(key, counted);
    return counted;
  }

  /** How many errors are left, kept until something changes; null while nothing ranks. */
  left(): Left | null {
    if (this.#left !== undefined) return this.#left;
    const ranking = this.rankings.get({ by: 'combined', per: 'label' });
    this.#left =
      ranking &&
      leftOf(this.project, {
        model: ranking.model,
        table: this.labels.table,
        order: ranking.order,
        blind: this.#judged.blind(),
      });
    return this.#left;
  }

  /** Of a label as it stands in a queue with blind checks; undefined where it is none. */
  blindKind(per: RankPer, id: string, structure: string): BlindKind | undefined {
    return this.#blind.kindOf(per, id, structure);
  }

  /** What a training that starts now would learn from. */
  outlook(): Promise<Outlook> {
    return outlook(this.project, this.labels);
  }

  /** Tells everybody, and what is kept in memory, what changed; null: perhaps all cases. */
  changed(what: ProjectPart, cases: readonly string[] | null): void {
    this.#logged = this.project.lastAudit;
    this.#scored = this.project.scoresState;
    this.#insights.clear();
    this.#left = undefined;
    if (what === 'scores' || what === 'runs') {
      this.rankings.clear();
      this.queue.rankingChanged();
    } else if (cases === null) {
      this.labels.forget();
      this.rankings.clear();
      this.queue.reset();
    } else if (this.labels.refresh(cases)) {
      this.rankings.labelsChanged();
      this.queue.rankingChanged();
    } else {
      this.queue.verdictsChanged();
    }
    this.#bus.publish({ type: 'changed', what, cases: cases === null ? null : [...cases] });
    this.#onChange();
  }

  /** Looks whether another process changed the project, which it may while we only read. */
  refresh(): void {
    if (this.#writer) return;
    if (this.project.lastAudit !== this.#logged) this.changed('project', null);
    else if (this.project.scoresState !== this.#scored) this.changed('scores', null);
  }

  async close(): Promise<void> {
    await this.models.close();
    this.#writer?.close();
    if (!this.#projectIsWriter) this.project.close();
  }
}

export interface Follower {
  changed(): void;
  /** Before the project is closed, while it can still be read. Must not throw. */
  closing(opened: Opened): Promise<void>;
}

export class Workspace {
  readonly #host: Host;
  #follower: Follower | null = null;
  #opened: Opened | null = null;
  /** Opening and closing follow one another. */
  readonly #inTurn = pLimit(1);

  constructor(bus: EventBus, purpose: string) {
    this.#host = { bus, purpose, onChange: () => this.#follower?.changed() };
  }

  get current(): Opened | null {
    return this.#opened;
  }

  /** Who is told of every change of the open project. */
  follow(follower: Follower): void {
    this.#follower = follower;
  }

  /** @throws Refusal (409) when no project is open. */
  require(): Opened {
    if (!this.#opened) throw new Refusal(409, 'No project is open: open one first.');
    this.#opened.refresh();
    return this.#opened;
  }

  /** Opens `folder` in the place of what was open. On failure that stays open. */
  open(folder: string): Promise<Opened> {
    return this.#inTurn(async () => {
      if (this.#opened?.folder === resolve(folder)) return this.#opened;
      const next = await Opened.open(folder, this.#host);
      const before = this.#opened;
      if (before) await this.#follower?.closing(before);
      this.#opened = next;
      await before?.close();
      this.#host.bus.publish({ type: 'changed', what: 'project', cases: null });
      return next;
    });
  }

  close(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#opened) return;
      const before = this.#opened;
      await this.#follower?.closing(before);
      this.#opened = null;
      await before.close();
      this.#host.bus.publish({ type: 'changed', what: 'project', cases: null });
    });
  }
}
