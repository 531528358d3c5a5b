/** The case on the stage: opens it, shows it, and takes over what changes on the server. */
import { SvelteSet } from 'svelte/reactivity';
import type { CaseDetail } from '../../audit/contract/api.ts';
import type { Client, ImagePixels, QualityMap } from '../../audit/contract/client.ts';
import { differenceRect } from '../drawing/difference.ts';
import { Label, LabelLook } from '../drawing/label.svelte.ts';
import { wholeOf } from '../drawing/rect.ts';
import { isAbort, sentenceOf } from '../shared/api.ts';
import { notices } from '../shared/notices.svelte.ts';
import { session } from '../shared/session.svelte.ts';
import { LayerData } from './extras.svelte.ts';
import { LayerSwitches } from './layers.svelte.ts';
import { Library, PixelsMissing } from './library.ts';
import type { DetailQuery, LoadedCase } from './library.ts';
import type { LoadPixels, PixelsReady } from './pixels.ts';
import { Stage } from './stage.svelte.ts';
import { veiled } from './veil.ts';
import { windowOf } from './window.ts';

interface OpenOptions extends DetailQuery {
  /** The structure to draw first. */
  readonly structure?: string | null;
  /** Hides what the ranking and the networks say of the case. */
  readonly veiled?: boolean;
}

/** Drawing and saving, as far as opening a case depends on them. */
interface OpenCaseHost {
  /** Called before the case on the stage gives way to another; null while there is none. */
  leaving(loaded: LoadedCase | null): void;
  /** Whether somebody draws on the label, or its strokes are not saved yet. */
  isBusy(caseId: string, label: Label): boolean;
  /** Called after a label was replaced by the server's. */
  replaced(caseId: string, structure: string): void;
}

export class OpenCase {
  readonly stage = new Stage();
  readonly layers = new LayerSwitches(
    () => void this.#extras.load(this.layers),
    () => this.veiled,
  );
  /** Index into `labels` of the structure that is drawn. */
  active = $state(0);
  /** True while another case is being loaded. */
  loading = $state(false);
  /** One sentence when the case, or its image, could not be loaded; else null. */
  problem = $state<string | null>(null);
  #detail = $state.raw<CaseDetail | null>(null);
  readonly #veils = new SvelteSet<string>();
  readonly #shown = $derived(
    this.#detail && this.#veils.has(this.#detail.case.id) ? veiled(this.#detail) : this.#detail,
  );
  #loaded = $state.raw<LoadedCase | null>(null);
  #query: DetailQuery = {};
  /** Counts the calls of `open`. */
  #turn = 0;
  #opening: Promise<void> = Promise.resolve();
  readonly #client: Client;
  readonly #host: OpenCaseHost;
  readonly #library: Library;
  readonly #pixels: LoadPixels;
  readonly #looks = new Map<string, LabelLook>();
  readonly #extras: LayerData;

  constructor(client: Client, pixels: LoadPixels, host: OpenCaseHost) {
    this.#client = client;
    this.#pixels = pixels;
    this.#host = host;
    this.#library = new Library(client, pixels, (detail, ready) => this.#labelsOf(detail, ready));
    this.#extras = new LayerData(
      client,
      () => ({ loaded: this.#loaded, run: this.#query.run }),
      (id) => this.#library.grown(id),
    );
  }

  /** Null until the first case is there. */
  get detail(): CaseDetail | null {
    return this.#shown;
  }

  get loaded(): LoadedCase | null {
    return this.#loaded;
  }

  get image(): ImagePixels | null {
    return this.#loaded?.image.pixels ?? null;
  }

  get labels(): readonly Label[] {
    return this.#loaded?.labels ?? [];
  }

  /** The label that is being drawn. */
  get activeLabel(): Label | null {
    return this.labels[this.active] ?? null;
  }

  get quality(): QualityMap | null {
    return this.#extras.quality;
  }

  /** Whether what the ranking and the networks say of the case on the stage is hidden. */
  get veiled(): boolean {
    return this.#id !== null && this.#veils.has(this.#id);
  }

  get #id(): string | null {
    return this.#detail?.case.id ?? null;
  }

  /** Hides or shows what the ranking and the networks say of a case. */
  veil(caseId: string, on: boolean): void {
    if (on) this.#veils.add(caseId);
    else if (this.#veils.delete(caseId) && this.#id === caseId) void this.#extras.load(this.layers);
  }

  /** Shows a case; of several calls the newest wins. */
  open(caseId: string, options: OpenOptions = {}): Promise<void> {
    this.#opening = this.#open(caseId, options);
    return this.#opening;
  }

  /** Waits for the case being opened. @returns false if yet another was asked for meanwhile */
  async settled(): Promise<boolean> {
    const turn = this.#turn;
    await this.#opening;
    return turn === this.#turn;
  }

  /** Loads cases that are probably next, one after the other. */
  prefetch(ids: readonly string[]): void {
    void this.#library.prefetch(ids, this.#query);
  }

  /** Brings the case up to date after a change on the server; what is being drawn stays. */
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
      const changed = loaded.labels.filter((label) => {
        const now = detail.case.labels.find(({ structure }) => structure === label.structure.name);
        return now !== undefined && now.mask !== label.hash;
      });
      for (const label of changed) await this.#renew(id, label, detail);
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

  /** Replaces a label by the server's, whatever its hash: strokes on it were refused. */
  async revert(caseId: string, structure: string): Promise<void> {
    const label = this.#library
      .get(caseId)
      ?.labels.find((item) => item.structure.name === structure);
    if (!label || this.#id !== caseId) return this.#library.forget(caseId);
    label.hash = '';
    await this.reload();
  }

  /** Loads the model's proposal for a label of the case on the stage into `label.model`. */
  loadModel(label: Label): Promise<void> {
    return this.#extras.model(label);
  }

  /** From the first to the 99th percentile of the samples. */
  autoWindow(): void {
    const auto = this.#loaded?.image.auto;
    if (auto) this.stage.window = windowOf(auto.low, auto.high, this.stage.window.invert);
  }

  /** From the smallest to the largest sample. */
  fullWindow(): void {
    const image = this.image;
    if (!image) return;
    this.stage.window = windowOf(image.minimum, image.maximum, this.stage.window.invert);
  }

  async #open(caseId: string, options: OpenOptions): Promise<void> {
    const { structure = null, veiled: hidden = false, ...query } = options;
    this.veil(caseId, hidden);
    const turn = (this.#turn += 1);
    this.#query = query;
    if (this.#id !== caseId) this.#host.leaving(this.#loaded);
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
      if (!look) this.#looks.set(name, (look = new LabelLook()));
      const label = new Label(structure, look, summary);
      const { mask, levels, strokes } = ready.masks[i];
      label.plane = mask && { mask, levels };
      label.strokes = strokes;
      return label;
    });
  }

  /** Takes over the server's label, unless this window has newer strokes on it. */
  async #renew(id: string, label: Label, detail: CaseDetail): Promise<void> {
    const name = label.structure.name;
    const now = detail.case.labels.find(({ structure }) => structure === name);
    if (!now || this.#host.isBusy(id, label)) return;
    const wanted = { id, imageHash: null, masks: [{ structure: name, hash: now.mask }] };
    const { masks } = await this.#pixels(wanted, new AbortController().signal);
    if (this.#host.isBusy(id, label)) return;
    label.hash = now.mask;
    label.revision = now.revision;
    label.older = null;
    const { mask, levels, strokes } = masks[0];
    label.strokes = strokes;
    const { width, height } = detail.case;
    const same =
      mask && label.mask
        ? differenceRect(mask, label.mask, width, wholeOf(width, height)) === null
        : mask === label.mask;
    if (same) return;
    label.plane = mask && { mask, levels };
    label.saved = null;
    this.#host.replaced(id, name);
  }
}
