/**
 * The case on the stage: opens it, keeps what is drawn, undoes it, and hands every stroke to the
 * server. The screens read its state, the viewer shows it, `drawing` turns the pointer into edits.
 */
import { SvelteSet } from 'svelte/reactivity';
import type { CaseDetail } from '../../audit/contract/api.ts';
import type { Client, ImagePixels, QualityMap } from '../../audit/contract/client.ts';
import { client as server, isAbort, sentenceOf } from '../shared/api.ts';
import { notices } from '../shared/notices.svelte.ts';
import { session } from '../shared/session.svelte.ts';
import { differenceRect } from '../drawing/difference.ts';
import { Drawing } from '../drawing/drawing.svelte.ts';
import type { Board } from '../drawing/drawing.svelte.ts';
import { Extras } from './extras.svelte.ts';
import { Ink } from '../drawing/ink.svelte.ts';
import type { Letter, PaintListener, Sheet, Undoable } from '../drawing/ink.svelte.ts';
import { Label, Look } from '../drawing/label.svelte.ts';
import type { Plane } from '../drawing/label.svelte.ts';
import { LayerSwitches } from './layers.svelte.ts';
import { Library, PixelsMissing } from './library.ts';
import type { DetailQuery, LoadedCase } from './library.ts';
import { OPERATIONS } from '../drawing/operations.ts';
import { Outbox } from './outbox.svelte.ts';
import { windowPixels } from './pixels-remote.ts';
import type { LoadPixels, PixelsReady } from './pixels.ts';
import type { LabelOperation, Point, Rect, ToolName } from '../drawing/types.ts';
import { wholeOf } from '../drawing/rect.ts';
import { Stage } from './stage.svelte.ts';
import { veiled } from './veil.ts';
import { windowOf } from './window.ts';
import type { CaseworkState, View, Window } from './types.ts';

export interface OpenOptions extends DetailQuery {
  /** The structure to draw first. */
  readonly structure?: string | null;
  /** What the ranking and the networks say of it is kept back. */
  readonly veiled?: boolean;
}

const sheetOf = ({ detail, image, labels }: LoadedCase): Sheet => ({
  id: detail.case.id,
  size: image.pixels,
  labels,
});

export class Casework implements CaseworkState, Board {
  readonly stage = new Stage();
  readonly layers = new LayerSwitches(
    () => void this.#extras.load(this.layers),
    () => this.veiled,
  );
  readonly drawing: Drawing;
  tool = $state<ToolName>('pan');
  active = $state(0);
  radius = $state(12);
  range = $state.raw<{ low: number; high: number } | null>(null);
  pointer = $state.raw<{ x: number; y: number; value: number | null } | null>(null);
  loading = $state(false);
  problem = $state<string | null>(null);
  #detail = $state.raw<CaseDetail | null>(null);
  /** Cases of which the ranking is kept back. */
  readonly #veils = new SvelteSet<string>();
  readonly #shown = $derived(
    this.#detail && this.#veils.has(this.#detail.case.id) ? veiled(this.#detail) : this.#detail,
  );
  #loaded = $state.raw<LoadedCase | null>(null);
  #query: DetailQuery = {};
  #turn = 0;
  #opening: Promise<void> = Promise.resolve();
  readonly #client: Client;
  readonly #library: Library;
  readonly #outbox: Outbox;
  readonly #pixels: LoadPixels;
  readonly #looks = new Map<string, Look>();
  readonly #folding = new WeakMap<LoadedCase, Promise<unknown>>();
  readonly #extras: Extras;
  readonly #ink: Ink;

  constructor(client: Client = server, pixels: LoadPixels = windowPixels) {
    this.#client = client;
    this.#pixels = pixels;
    this.#library = new Library(client, pixels, (detail, ready) => this.#labelsOf(detail, ready));
    this.#outbox = new Outbox(client, (letter, error) => void this.#refused(letter, error));
    this.#extras = new Extras(
      client,
      () => ({ loaded: this.#loaded, run: this.#query.run }),
      (id) => this.#library.grown(id),
    );
    this.#ink = new Ink(
      () => this.#loaded && sheetOf(this.#loaded),
      (letter) => this.#outbox.push(letter),
    );
    this.drawing = new Drawing(this);
  }

  get detail(): CaseDetail | null {
    return this.#shown;
  }

  /** Whether what the ranking and the networks say of the case on the stage is kept back. */
  get veiled(): boolean {
    return this.#id !== null && this.#veils.has(this.#id);
  }

  /** Keeps back what is said of a case, or shows it. */
  veil(caseId: string, on: boolean): void {
    if (on) this.#veils.add(caseId);
    else if (this.#veils.delete(caseId) && this.#id === caseId) void this.#extras.load(this.layers);
  }

  get image(): ImagePixels | null {
    return this.#loaded?.image.pixels ?? null;
  }

  /** The samples and their smaller versions, for the viewer. */
  get imageLevels(): LoadedCase['image'] | null {
    return this.#loaded?.image ?? null;
  }

  get labels(): readonly Label[] {
    return this.#loaded?.labels ?? [];
  }

  get quality(): QualityMap | null {
    return this.#extras.quality;
  }

  get saving(): number {
    return this.#outbox.pending;
  }

  get view(): View {
    return this.stage.view;
  }

  get window(): Window {
    return this.stage.window;
  }

  set window(window: Window) {
    this.stage.window = window;
  }

  get #id(): string | null {
    return this.#detail?.case.id ?? null;
  }

  /** Whether anything can be undone or redone in this image. */
  get undoable(): Undoable {
    return this.#ink.undoable;
  }

  /** Shows a case; of several calls the newest wins. Strokes of the case before become revisions. */
  open(caseId: string, options: OpenOptions = {}): Promise<void> {
    this.#opening = this.#open(caseId, options);
    return this.#opening;
  }

  async #open(caseId: string, options: OpenOptions): Promise<void> {
    const { structure = null, veiled: kept = false, ...query } = options;
    this.veil(caseId, kept);
    const turn = (this.#turn += 1);
    this.#query = query;
    if (this.#id !== caseId) this.#leave();
    this.problem = null;
    this.#library.only(caseId);
    const known = this.#library.get(caseId);
    if (known) {
      this.#show(known, structure);
      return this.reload();
    }
    this.loading = true;
    try {
      const loaded = await this.#library.load(caseId, query);
      if (turn === this.#turn) this.#show(loaded, structure);
    } catch (error) {
      if (turn === this.#turn) this.#fail(error);
    }
  }

  /** Loads cases that are probably next, one after the other. */
  prefetch(ids: readonly string[]): void {
    void this.#library.prefetch(ids, this.#query);
  }

  /** The server said that something changed: takes over what is new, leaves alone what is drawn. */
  async reload(): Promise<void> {
    const loaded = this.#loaded;
    const id = this.#id;
    if (!loaded || id === null) return;
    try {
      const detail = await this.#client.case(id, this.#query);
      if (detail.case.imageHash !== loaded.detail.case.imageHash) {
        this.#library.forget(id);
        if (this.#loaded === loaded) await this.open(id, this.#query);
        return;
      }
      const other = loaded.labels.filter((label) => {
        const now = detail.case.labels.find(({ structure }) => structure === label.structure.name);
        return now !== undefined && now.mask !== label.hash;
      });
      for (const label of other) await this.#renew(id, label, detail);
      const ranked = loaded.detail.model !== detail.model;
      loaded.detail = detail;
      if (ranked) {
        this.#extras.forget(loaded);
        void this.#extras.load(this.layers);
      }
      if (this.#loaded === loaded) this.#detail = detail;
    } catch (error) {
      if (!isAbort(error) && this.#loaded === loaded) notices.error(sentenceOf(error));
    }
  }

  fit(): void {
    this.stage.fit();
  }

  actualSize(): void {
    this.stage.actualSize();
  }

  zoom(factor: number, at?: Point): void {
    this.stage.zoom(factor, at);
  }

  /** From the first to the 99th percentile of the samples. */
  autoWindow(): void {
    const auto = this.#loaded?.image.auto;
    if (auto) this.window = windowOf(auto.low, auto.high, this.window.invert);
  }

  /** From the smallest to the largest sample. */
  fullWindow(): void {
    const image = this.image;
    if (image) this.window = windowOf(image.minimum, image.maximum, this.window.invert);
  }

  undo(): void {
    if (this.drawing.busy) return this.cancel();
    if (this.mayDraw()) this.#ink.undo();
  }

  redo(): void {
    if (!this.drawing.busy && this.mayDraw()) this.#ink.redo();
  }

  /** Drops what is being drawn. */
  cancel(): void {
    this.drawing.cancel();
  }

  /** Changes the whole label that is being drawn; of a case under way, when it is there. */
  async apply(operation: LabelOperation): Promise<void> {
    const turn = this.#turn;
    if (!this.activeLabel) await this.#opening;
    if (turn !== this.#turn) return;
    const label = this.activeLabel;
    const size = this.image;
    if (!label || !size || !this.mayDraw()) return;
    if (operation === 'proposal') {
      const model = await this.model(label);
      if (model) this.#ink.replace(label, model.mask);
      return;
    }
    if (label.mask)
      this.#ink.replace(label, OPERATIONS[operation](label.mask, size.width, size.height));
  }

  /** What is drawn as the active structure is the other one’s, and the other way round. */
  swapWith(index: number): void {
    const label = this.activeLabel;
    const other = this.labels[index];
    if (!label || !other || label === other || !this.mayDraw()) return;
    this.#ink.swap(label, other);
  }

  /** Draws the label as it was in a revision. */
  async copyRevision(structure: string, revision: number): Promise<void> {
    const id = this.#id;
    const label = this.labels.find((item) => item.structure.name === structure);
    if (id === null || !label || !this.mayDraw()) return;
    try {
      const { data } = await this.#client.mask(id, structure, { revision });
      if (this.labels.includes(label)) this.#ink.replace(label, data);
    } catch (error) {
      notices.error(sentenceOf(error));
    }
  }

  /** When every stroke is on the server's disk, or was refused. */
  flush(): Promise<void> {
    return this.#outbox.flush();
  }

  /**
   * Makes revisions of what was drawn in this case.
   * @returns whether there are any; @throws what the client throws
   */
  async fold(reason: string): Promise<boolean> {
    const loaded = this.#loaded;
    return loaded ? this.#fold(loaded, reason) : false;
  }

  /** The server can be reached again. */
  retry(): void {
    this.#outbox.retry();
  }

  /** Calls back whenever pixels of a label changed in place. @returns stops */
  onPaint(listener: PaintListener): () => void {
    return this.#ink.onPaint(listener);
  }

  /** The label that is being drawn. */
  get activeLabel(): Label | null {
    return this.labels[this.active] ?? null;
  }

  /** Says so when nobody may write the project. */
  mayDraw(): boolean {
    const project = session.project;
    if (!project || project.writable) return true;
    notices.error(project.readOnlyBecause ?? 'This project can only be read.');
    return false;
  }

  prepare(label: Label): Plane {
    return this.#ink.prepare(label);
  }

  painted(label: Label, rect: Rect): void {
    this.#ink.painted(label, rect);
  }

  finish(label: Label, within: Rect): void {
    this.#ink.finish(label, within);
  }

  /** The model's proposal for the label, loaded when it is not there; says so where there is none. */
  async model(label: Label): Promise<Plane | null> {
    if (this.veiled) {
      notices.error('This is a blind check: the model’s proposal is shown after your verdict.');
      return null;
    }
    await this.#extras.model(label);
    if (!label.model) notices.error(`The model has no proposal for ${label.structure.name}.`);
    return label.model;
  }

  #show(loaded: LoadedCase, structure: string | null): void {
    const before = this.activeLabel?.structure.name;
    const { pixels, auto } = loaded.image;
    if (this.#loaded !== loaded) this.stage.show(pixels, auto);
    this.#loaded = loaded;
    this.#detail = loaded.detail;
    this.#extras.quality = loaded.quality;
    this.loading = false;
    const wanted = loaded.labels.findIndex(
      (label) => label.structure.name === (structure ?? before),
    );
    this.active = Math.max(0, wanted);
    void this.#extras.load(this.layers);
  }

  #fail(error: unknown): void {
    this.loading = false;
    const missing = error instanceof PixelsMissing ? error : null;
    const cause = missing ? missing.cause : error;
    if (isAbort(cause)) return;
    this.problem = sentenceOf(cause);
    this.#detail = missing?.detail ?? null;
    this.#loaded = null;
    this.#extras.quality = null;
  }

  #labelsOf(detail: CaseDetail, ready: PixelsReady): Label[] {
    const structures = session.project?.structures ?? [];
    return detail.case.labels.map((summary, i) => {
      const { structure: name } = summary;
      const structure = structures.find((item) => item.name === name) ?? {
        name,
        colour: '#5db2ff',
      };
      let look = this.#looks.get(name);
      if (!look) this.#looks.set(name, (look = new Look()));
      const label = new Label(structure, look, () => this.undoable, summary);
      const { mask, levels, strokes } = ready.masks[i];
      label.plane = mask && { mask, levels };
      label.strokes = strokes;
      return label;
    });
  }

  /** Takes over a label that is another on the server, unless its own strokes are on their way. */
  async #renew(id: string, label: Label, detail: CaseDetail): Promise<void> {
    const name = label.structure.name;
    const now = detail.case.labels.find(({ structure }) => structure === name);
    if (!now || this.#outbox.waits(id, name) || this.drawing.draws(label)) return;
    const wanted = { id, imageHash: null, masks: [{ structure: name, hash: now.mask }] };
    const { masks } = await this.#pixels(wanted, new AbortController().signal);
    if (this.#outbox.waits(id, name) || this.drawing.draws(label)) return;
    label.hash = now.mask;
    label.revision = now.revision;
    label.older = null;
    const { mask, levels, strokes } = masks[0];
    label.strokes = strokes;
    const { width, height } = detail.case;
    const whole = wholeOf(width, height);
    const same =
      mask && label.mask
        ? differenceRect(mask, label.mask, width, whole) === null
        : mask === label.mask;
    if (same) return;
    label.plane = mask && { mask, levels };
    label.saved = null;
    this.#ink.forget(id, name);
  }

  /** The server will not take a stroke: later ones of that label are void with it. */
  async #refused({ id, structure }: Letter, error: unknown): Promise<void> {
    const lost = 1 + this.#outbox.drop(id, structure);
    const strokes = lost === 1 ? 'A stroke' : `${lost} strokes`;
    const label = this.#library.get(id)?.labels.find((item) => item.structure.name === structure);
    notices.error(`${strokes} on ${structure} of ${id} could not be saved. ${sentenceOf(error)}`);
    if (this.#id === id) this.cancel();
    this.#ink.forget(id, structure);
    if (!label || this.#id !== id) return this.#library.forget(id);
    // What the server has is what counts, whatever its hash.
    label.hash = '';
    await this.reload();
  }

  /** The case is left: what was drawn in it becomes revisions, in the background. */
  #leave(): void {
    this.cancel();
    const loaded = this.#loaded;
    if (!loaded) return;
    if (loaded.labels.some(({ strokes }) => strokes > 0)) {
      this.#fold(loaded, 'edit').catch((error: unknown) => notices.error(sentenceOf(error)));
    }
    for (const label of loaded.labels) label.saved = null;
  }

  /** Folds of a case follow one another: a verdict makes one, and so does leaving right after it. */
  #fold(loaded: LoadedCase, reason: string): Promise<boolean> {
    const before = this.#folding.get(loaded) ?? Promise.resolve();
    const turn = before.catch(() => undefined).then(() => this.#foldNow(loaded, reason));
    this.#folding.set(loaded, turn);
    return turn;
  }

  async #foldNow(loaded: LoadedCase, reason: string): Promise<boolean> {
    await this.#outbox.flush();
    const id = loaded.detail.case.id;
    let made = false;
    for (const label of loaded.labels) {
      const drawn = label.strokes;
      if (drawn === 0) continue;
      const { revision } = await this.#client.foldStrokes(id, label.structure.name, reason);
      label.strokes -= drawn;
      if (!revision) continue;
      made ||= revision.number !== label.revision;
      label.hash = revision.mask;
      label.revision = revision.number;
      label.older = null;
    }
    return made;
  }
}
