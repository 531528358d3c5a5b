/** The case on the stage: opens it, shows it, and follows its changes on the server. */
import { SvelteSet } from 'svelte/reactivity';
import type { CaseDetail } from '../../audit/contract/api.ts';
import type { Client, ImagePixels, QualityMap } from '../../audit/contract/client.ts';
import { differenceRect } from '../drawing/difference.ts';
import { Label, LabelLook } from '../drawing/label.svelte.ts';
import { wholeOf } from '../drawing/rect.ts';
import { isAbort, sentenceOf } from '../shared/api.ts';
import { notices } from '../shared/notices.svelte.ts';
import { session } from '../shared/session.svelte.ts';
import { LayerData } from './layer-data.svelte.ts';
import { LayerSwitches } from './layers.svelte.ts';
import { Library, PixelsMissing } from './library.ts';
import type { DetailQuery, LoadedCase } from './library.ts';
import { LocalContrast } from './local-contrast.svelte.ts';
import type { ImageReady, LoadPixels, PixelsReady } from './pixels.ts';
import { Stage } from './stage.svelte.ts';
import { shownPlace, suspectedPlaces } from './suspected.ts';
import type { Suspected } from './suspected.ts';
import type { Window } from './types.ts';
import { veiled } from './veil.ts';
import { AUTOMATIC, keepWindowing, keptWindowing, ruleOf, windowBy } from './windowing.ts';
import type { Windowing } from './windowing.ts';

interface OpenOptions extends DetailQuery {
  /** The structure whose label becomes active; null or undefined keeps the structure that is active now. */
  readonly structure?: string | null;
  /** Whether the ranking and the networks' output are hidden. */
  readonly veiled?: boolean;
}

/** The parts of drawing and saving that `OpenCase` calls. */
interface OpenCaseHost {
  /** Called with the case on the stage, or null, before another case is shown. */
  leaving(loaded: LoadedCase | null): void;
  /** Called after a case was shown. */
  shown(): void;
  /** Whether the person is drawing on the label, or has strokes on it that are not saved yet. */
  isBusy(caseId: string, label: Label): boolean;
  /** Called after the mask from the server has replaced that of a label. */
  replaced(caseId: string, structure: string): void;
}

export class OpenCase {
  readonly stage = new Stage();
  readonly layers = new LayerSwitches(
    () => void this.#layerData.load(this.layers),
    () => this.veiled,
  );
  /** Index into `labels` of the active label, on which the person draws. */
  active = $state(0);
  /** True while another case is being loaded. */
  loading = $state(false);
  /** Why the case or its image could not be loaded, in one sentence; else null. */
  problem = $state<string | null>(null);
  #detail = $state.raw<CaseDetail | null>(null);
  readonly #veils = new SvelteSet<string>();
  readonly #shown = $derived(
    this.#detail && this.#veils.has(this.#detail.case.id) ? veiled(this.#detail) : this.#detail,
  );
  #loaded = $state.raw<LoadedCase | null>(null);
  /** The structure whose suspected place the person asked for, or null. */
  #pointed = $state<string | null>(null);
  /** The structure that the case was opened for; null keeps the active one. */
  #wanted: string | null = null;
  #windowing = $state.raw<Windowing>(AUTOMATIC);
  /** The project's folder whose windowing is in use; null before the first case. */
  #windowed: string | null = null;
  #query: DetailQuery = {};
  /** Number of calls of `open`: a call shows its case only if no later call was made. */
  #turn = 0;
  #opening: Promise<void> = Promise.resolve();
  readonly #client: Client;
  readonly #host: OpenCaseHost;
  readonly #library: Library;
  readonly #pixels: LoadPixels;
  readonly #looks = new Map<string, LabelLook>();
  readonly #layerData: LayerData;
  readonly #localContrast = new LocalContrast();

  constructor(client: Client, pixels: LoadPixels, host: OpenCaseHost) {
    this.#client = client;
    this.#pixels = pixels;
    this.#host = host;
    this.#library = new Library(client, pixels, (detail, ready) => this.#labelsOf(detail, ready));
    this.#layerData = new LayerData(
      client,
      () => ({ loaded: this.#loaded, run: this.#query.run }),
      (id) => this.#library.grown(id),
    );
  }

  /** The case on the stage, or null. In a blind check it has no ranking and no networks' output. */
  get detail(): CaseDetail | null {
    return this.#shown;
  }

  get loaded(): LoadedCase | null {
    return this.#loaded;
  }

  get image(): ImagePixels | null {
    return this.#loaded?.image.pixels ?? null;
  }

  /** The image and the window as the stage shows them: with the local contrast evened out, if that is chosen. */
  get look(): { readonly image: ImageReady; readonly window: Window } | null {
    const image = this.#loaded?.image;
    const { window } = this.stage;
    if (!image) return null;
    if (!this.#windowing.local) return { image, window };
    return {
      image: this.#localContrast.of(image),
      window: this.#localContrast.windowOf(image, window),
    };
  }

  get labels(): readonly Label[] {
    return this.#loaded?.labels ?? [];
  }

  /** The label on which the person draws, or null. */
  get activeLabel(): Label | null {
    return this.labels[this.active] ?? null;
  }

  /** Structures that the person does not see, in every case. */
  get hidden(): ReadonlySet<string> {
    const names = this.labels
      .filter(({ visible, fill, outline }) => !visible || (fill === 0 && outline === 0))
      .map(({ structure }) => structure.name);
    const all = session.project?.structures ?? this.labels.map(({ structure }) => structure);
    return new Set(this.layers.labels ? names : all.map(({ name }) => name));
  }

  /** The places suspected in the case's labels, of the worst label first; none in a blind check. */
  readonly suspectedPlaces: readonly Suspected[] = $derived(
    this.#shown ? suspectedPlaces(this.#shown) : [],
  );

  /** The suspected place that the stage marks, or null. */
  get marked(): Suspected | null {
    const drawn = this.labels
      .filter(({ strokes }) => strokes > 0)
      .map(({ structure }) => structure.name);
    const active = this.activeLabel?.structure.name ?? null;
    return shownPlace(this.suspectedPlaces, active, this.#pointed, new Set(drawn));
  }

  get quality(): QualityMap | null {
    return this.#layerData.quality;
  }

  /** Whether the ranking and the networks' output are hidden for the case on the stage. */
  get veiled(): boolean {
    return this.#id !== null && this.#veils.has(this.#id);
  }

  get #id(): string | null {
    return this.#detail?.case.id ?? null;
  }

  /** Hides or shows the ranking and the networks' output for a case. */
  veil(caseId: string, on: boolean): void {
    if (on) this.#veils.add(caseId);
    else if (this.#veils.delete(caseId) && this.#id === caseId)
      void this.#layerData.load(this.layers);
  }

  /** Shows a case. If another call follows before the case is loaded, only the later call's case is shown. */
  open(caseId: string, options: OpenOptions = {}): Promise<void> {
    this.#opening = this.#open(caseId, options);
    return this.#opening;
  }

  /** Waits for the case that is being opened. @returns false if another case was opened meanwhile */
  async settled(): Promise<boolean> {
    const turn = this.#turn;
    await this.#opening;
    return turn === this.#turn;
  }

  /** Loads the cases that the person will probably open next, one after the other. */
  prefetch(ids: readonly string[]): void {
    void this.#library.prefetch(ids, this.#query);
  }

  /** Brings the case up to date after a change on the server; unsaved strokes stay. */
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
        this.#layerData.forget(loaded);
        void this.#layerData.load(this.layers);
      }
      if (this.#loaded === loaded) this.#detail = detail;
    } catch (error) {
      if (!isAbort(error) && this.#loaded === loaded) notices.error(sentenceOf(error));
    }
  }

  /** Loads a label again because the server refused strokes on it. */
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
    return this.#layerData.model(label);
  }

  /** How each image of the project gets its window. */
  get windowing(): Windowing {
    return this.#windowing;
  }

  /** Changes the windowing, for the image on the stage and those that follow. The project keeps it. */
  setWindowing(change: Partial<Windowing>): void {
    this.#windowing = { ...this.#windowing, ...change };
    const image = this.#loaded?.image;
    if (image) this.stage.window = windowBy(this.#windowing, image);
    if (image && this.#windowing.local) this.#localContrast.make(image);
    if (this.#windowed !== null) keepWindowing(this.#windowed, this.#windowing);
  }

  /** Keeps the window on the stage, which the person set for this image, for the images that follow. */
  keepWindow(relative = this.#windowing.relative): void {
    const image = this.#loaded?.image;
    if (!image) return;
    const { window } = this.stage;
    this.setWindowing({ rule: ruleOf(window, image, relative), invert: window.invert, relative });
    // Percentiles stand for sample values, which may lie a little beside those that the person set.
    this.stage.window = window;
  }

  /**
   * Brings the suspected place of the row's label to the middle, or of a case's worst label, which becomes
   * active. Again, it goes to the next worse label's place; after the last it shows the whole image.
   */
  lookAtSuspected(): void {
    const own = this.suspectedPlaces.findIndex(({ structure }) => structure === this.#wanted);
    const places = this.suspectedPlaces;
    const order = own < 0 ? places : [places[own], ...places.filter((_, index) => index !== own)];
    const pointed = order.findIndex(({ structure }) => structure === this.#pointed);
    const found = order.at(pointed + 1);
    if (!found) {
      this.#pointed = null;
      return this.stage.fit();
    }
    this.active = this.labels.findIndex(({ structure }) => structure.name === found.structure);
    this.#pointed = found.structure;
    this.stage.lookAt(found.place);
  }

  async #open(caseId: string, options: OpenOptions): Promise<void> {
    const { structure = null, veiled: hidden = false, ...query } = options;
    this.veil(caseId, hidden);
    const turn = (this.#turn += 1);
    this.#query = query;
    if (this.#id !== caseId) this.#host.leaving(this.#loaded);
    this.problem = null;
    this.#library.only(caseId);
    const loadedCase = this.#library.get(caseId);
    if (loadedCase) {
      this.#show(loadedCase, structure);
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
    if (this.#loaded !== loaded) {
      const folder = session.project?.folder ?? null;
      if (folder !== null && folder !== this.#windowed) this.#windowing = keptWindowing(folder);
      this.#windowed = folder;
      this.stage.show(loaded.image.pixels);
      this.stage.window = windowBy(this.#windowing, loaded.image);
      if (this.#windowing.local) this.#localContrast.make(loaded.image);
      this.#pointed = null;
    }
    this.#wanted = structure;
    this.#loaded = loaded;
    this.#detail = loaded.detail;
    this.#layerData.quality = loaded.quality;
    this.loading = false;
    const wanted = loaded.labels.findIndex(
      (label) => label.structure.name === (structure ?? before),
    );
    this.active = Math.max(0, wanted);
    this.#host.shown();
    void this.#layerData.load(this.layers);
  }

  #fail(error: unknown): void {
    this.loading = false;
    const missing = error instanceof PixelsMissing ? error : null;
    const cause = missing ? missing.cause : error;
    if (isAbort(cause)) return;
    this.problem = sentenceOf(cause);
    this.#detail = missing?.detail ?? null;
    this.#loaded = null;
    this.#layerData.quality = null;
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
      label.strokes = strokes.length;
      label.journal = strokes;
      return label;
    });
  }

  /** Replaces a label's mask by the server's, unless the person draws on it or has unsaved strokes on it. */
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
    label.strokes = strokes.length;
    label.journal = strokes;
    label.imported = false;
    label.rebase();
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
