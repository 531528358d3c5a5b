/**
 * An open project and what the server keeps in memory about it. The project is opened for writing if no other
 * process holds its lock, else for reading. While it is open for reading, every write first asks for the lock
 * again.
 */
import type { Insights, Left, Outlook, ProjectInfo } from '../../contract/api.ts';
import type { BlindKind, RankPer } from '../../contract/terms.ts';
import { UserError } from '../../errors.ts';
import { leftOf } from '../../ranking/evidence.ts';
import { VerdictLog } from '../../review/verdict-log.ts';
import { openProject, openProjectForWriting } from '../../store/project.ts';
import { notWritten } from '../../store/reach.ts';
import type {
  ProjectReader,
  ProjectWriter,
  StrokeReader,
  StrokeWriter,
} from '../../store/types.ts';
import { BlindChecks } from './blind.ts';
import type { EventBus } from '../tasks/bus.ts';
import { StrokeJournal } from './journal.ts';
import { Labels } from './labels.ts';
import { ModelViews } from '../pictures/model-pictures.ts';
import { Pixels } from '../pictures/pixels.ts';
import { Queue } from './queue.ts';
import { insights } from './insights.ts';
import type { HistogramQuery } from './insights.ts';
import { outlook } from './training-preview.ts';
import { Rankings } from './rankings.ts';
import type { RankingChoice } from './rankings.ts';
import { Refusal } from '../http/respond.ts';
import { SimilarCases } from './similar.ts';
import { VerdictSteps } from './verdicts.ts';

export type ProjectPart = 'labels' | 'verdicts' | 'comments' | 'scores' | 'runs' | 'project';
type Reader = ProjectReader & StrokeReader;
type Writer = ProjectWriter & StrokeWriter;

export interface ProjectHost {
  readonly bus: EventBus;
  /**
   * The name of this process in the project's lock, for example `overread serve`. Other processes show it.
   */
  readonly purpose: string;
  /** Called after every change of the project. */
  readonly onChange: () => void;
}

export class OpenedProject {
  readonly project: Reader;
  readonly labels: Labels;
  readonly rankings: Rankings;
  readonly queue: Queue;
  readonly pixels: Pixels;
  readonly journal: StrokeJournal;
  readonly models: ModelViews;
  readonly similar: SimilarCases;
  readonly verdicts = new VerdictSteps();
  readonly #judged: VerdictLog;
  readonly #blind: BlindChecks;
  readonly #insights = new Map<string, Insights>();
  /** The estimate of the errors left; undefined until `left` computes it. */
  #left: Left | null | undefined;
  readonly #bus: EventBus;
  readonly #purpose: string;
  readonly #onChange: () => void;
  #writer: Writer | null;
  #readOnlyBecause: string | null;
  readonly #projectIsWriter: boolean;
  /** Whether the project came from elsewhere when it was opened: then its reader sees no later writing. */
  readonly #isForeign: boolean;
  /** The request for the lock that runs now, or null if there is none. */
  #lockRequest: Promise<Writer> | null = null;
  /** The newest row of the audit log that the values in memory take into account. */
  #knownAudit: number;
  /** The state of the scores (`scoresState`) that the values in memory take into account. */
  #knownScores: string;

  private constructor(
    project: Reader,
    writer: Writer | null,
    readOnlyBecause: string | null,
    host: ProjectHost,
  ) {
    this.project = project;
    this.#writer = writer;
    this.#projectIsWriter = writer !== null;
    this.#isForeign = !project.isOwn;
    this.#readOnlyBecause = readOnlyBecause;
    this.#bus = host.bus;
    this.#purpose = host.purpose;
    this.#onChange = host.onChange;
    this.labels = new Labels(project);
    this.#judged = new VerdictLog(project);
    this.rankings = new Rankings(project, this.labels);
    this.#blind = new BlindChecks(project, this.labels, this.rankings, this.#judged);
    const { labels, rankings } = this;
    this.queue = new Queue({ project, labels, rankings, blind: this.#blind });
    this.pixels = new Pixels(project);
    this.journal = new StrokeJournal(project);
    this.models = new ModelViews(project, this.pixels);
    this.similar = new SimilarCases(project, this.labels, this.rankings, this.pixels);
    this.#knownAudit = project.lastAudit;
    this.#knownScores = project.scoresState;
  }

  /** @throws UserError when the folder is no project, or a newer version made it */
  static async open(folder: string, host: ProjectHost): Promise<OpenedProject> {
    try {
      const writer = await openProjectForWriting(folder, host);
      return new OpenedProject(writer, writer, null, host);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return new OpenedProject(await openProject(folder), null, error.message, host);
    }
  }

  get folder(): string {
    return this.project.folder;
  }

  /**
   * The project, opened for writing.
   * @throws Refusal (409) with the reason, for example that another process holds the lock
   */
  async writer(): Promise<Writer> {
    if (this.#writer) return this.#writer;
    if (this.#isForeign) {
      const now = this.project.isOwn
        ? `You trust the project ${this.folder} now: open it again.`
        : notWritten(this.folder).message;
      throw new Refusal(409, now, 'forbidden');
    }
    this.#lockRequest ??= openProjectForWriting(this.folder, { purpose: this.#purpose });
    try {
      this.#writer = await this.#lockRequest;
      this.#readOnlyBecause = null;
      return this.#writer;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.#readOnlyBecause = error.message;
      throw new Refusal(409, error.message, error.code);
    } finally {
      this.#lockRequest = null;
    }
  }

  /**
   * Id of the run whose scores rank by default; null if nothing was scored, or a model that is no run ranks.
   */
  get rankingRun(): string | null {
    const model = this.rankings.model();
    return model === null || this.project.run(model) === null ? null : model;
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
      trusted: this.project.isOwn,
      writable: this.#writer !== null,
      readOnlyBecause: this.#readOnlyBecause,
      run: this.rankingRun,
    };
  }

  /** The counts of the review and the histogram of one ranking, kept until the project changes. */
  insights(query: RankingChoice & Pick<HistogramQuery, 'structure'>): Insights {
    const { by, per, run, structure } = query;
    const key = JSON.stringify([by, per, run, structure]);
    const cached = this.#insights.get(key);
    if (cached) return cached;
    const ranking = this.rankings.get(query);
    const counts = insights(this.labels, this.#judged, ranking, this.rankings.ranked(query), {
      per,
      structure,
    });
    this.#insights.set(key, counts);
    return counts;
  }

  /** The estimate of the errors left, kept until the project changes; null if nothing was scored yet. */
  left(): Left | null {
    if (this.#left !== undefined) return this.#left;
    const ranking = this.rankings.get({ by: 'combined', per: 'label' });
    this.#left =
      ranking &&
      leftOf(this.project, {
        model: ranking.model,
        table: this.labels.table,
        order: ranking.order,
        changed: this.labels.changed,
        blind: this.#judged.blind(),
      });
    return this.#left;
  }

  /**
   * The kind of blind check that a label is in a queue by case or by label; undefined if it is none there.
   */
  blindKind(per: RankPer, id: string, structure: string): BlindKind | undefined {
    return this.#blind.kindOf(per, id, structure);
  }

  /** What a training would learn from if it started now. */
  outlook(): Promise<Outlook> {
    return outlook(this.project, this.labels);
  }

  /**
   * Drops values in memory that a change of the project made outdated, and publishes the change.
   * @param cases the ids of the changed cases, or null if any case may have changed
   */
  changed(what: ProjectPart, cases: readonly string[] | null): void {
    this.#knownAudit = this.project.lastAudit;
    this.#knownScores = this.project.scoresState;
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

  /**
   * Drops outdated values if another process changed the project. Does nothing while this process holds the
   * lock, because then no other process writes.
   */
  refresh(): void {
    if (this.#writer) return;
    if (this.project.lastAudit !== this.#knownAudit) this.changed('project', null);
    else if (this.project.scoresState !== this.#knownScores) this.changed('scores', null);
  }

  async close(): Promise<void> {
    await this.models.close();
    this.#writer?.close();
    if (!this.#projectIsWriter) this.project.close();
  }
}
