/** The settings of the next training: the defaults with the person's changes. */
import { PRESETS, TrainRequest } from '../../audit/contract/api.ts';
import type { BackendName, TrainConfig } from '../../audit/contract/api.ts';
import { problemInWords } from './problems.ts';

/** Numbers and switches of `TrainConfig` that the form offers. */
interface FormValues {
  epochs: number | null;
  batch: number | null;
  learningRate: number | null;
  /** Null: the trainer decides (`auto`). */
  warmUp: number | null;
  validationShare: number | null;
  /** Null: the training never stops early. */
  patience: number | null;
  seed: number | null;
  augment: boolean;
}

const FIELD_WORDS: Readonly<Record<string, string>> = {
  epochs: 'Epochs',
  batch: 'Batch size',
  learningRate: 'Learning rate',
  warmUp: 'Warm-up',
  validationShare: 'Validation share',
  patience: 'Patience',
  seed: 'Seed',
  size: 'Image size',
  folds: 'Folds',
  pairs: 'Pairs of networks',
};

function valuesOf(preset: TrainConfig['preset']): FormValues {
  const { epochs, batch, learningRate, warmUp, validationShare, patience, seed, augment } =
    PRESETS[preset];
  return {
    epochs,
    batch,
    learningRate,
    warmUp: warmUp === 'auto' ? null : warmUp,
    validationShare,
    patience,
    seed,
    augment,
  };
}

export class TrainForm {
  preset = $state<TrainConfig['preset']>('overread');
  values = $state<FormValues>(valuesOf('overread'));
  size = $state<number | null>(128);
  folds = $state<number | null>(null);
  /** Null: two pairs where most images lack a structure, else one. */
  pairs = $state<1 | 2 | null>(null);
  fresh = $state(false);
  /** The backend of the next training. Undefined: that of the settings; null: the first that works. */
  backend = $state<BackendName | null | undefined>(undefined);

  /** Chooses a preset and takes over its values. */
  choose(preset: TrainConfig['preset']): void {
    this.preset = preset;
    this.values = valuesOf(preset);
  }

  reset(): void {
    this.choose('overread');
    this.size = 128;
    this.folds = null;
    this.pairs = null;
    this.fresh = false;
    this.backend = undefined;
  }

  /** The values that differ from the preset. */
  readonly changes = $derived.by((): TrainRequest['training'] => {
    const before = valuesOf(this.preset);
    const now = this.values;
    const { learningRate } = now;
    const changed = <Key extends keyof FormValues>(key: Key): boolean => now[key] !== before[key];
    return {
      ...(changed('epochs') && { epochs: now.epochs as number }),
      ...(changed('batch') && { batch: now.batch as number }),
      ...(changed('learningRate') && {
        learningRate: learningRate as number,
        qamLearningRate: learningRate as number,
      }),
      ...(changed('warmUp') && { warmUp: now.warmUp ?? 'auto' }),
      ...(changed('validationShare') && { validationShare: now.validationShare as number }),
      ...(changed('patience') && { patience: now.patience }),
      ...(changed('seed') && { seed: now.seed as number }),
      ...(changed('augment') && { augment: now.augment }),
    };
  });

  readonly request = $derived<TrainRequest>({
    preset: this.preset,
    training: this.changes,
    size: this.size as number,
    folds: this.folds,
    pairs: this.pairs,
    fresh: this.fresh,
    ...(this.backend !== undefined && { backend: this.backend }),
  });

  /** A problem per field in a few words, checked with the server's schema. */
  readonly problems = $derived.by((): Readonly<Record<string, string>> => {
    const checked = TrainRequest.safeParse(this.request);
    if (checked.success) return {};
    return Object.fromEntries(
      checked.error.issues.map((issue) => [String(issue.path.at(-1) ?? ''), problemInWords(issue)]),
    );
  });

  /** The first problem with the name of its field, as a sentence; null if there is no problem. */
  readonly problem = $derived.by((): string | null => {
    const [first] = Object.entries(this.problems);
    return first ? `${FIELD_WORDS[first[0]] ?? first[0]}: ${first[1]}.` : null;
  });

  /** How many settings differ from the defaults. */
  readonly changed = $derived(
    Object.keys(this.changes ?? {}).filter((key) => key !== 'qamLearningRate').length +
      (this.preset === 'overread' ? 0 : 1) +
      (this.size === 128 ? 0 : 1) +
      (this.folds === null ? 0 : 1) +
      (this.pairs === null ? 0 : 1) +
      (this.fresh ? 1 : 0) +
      (this.backend === undefined ? 0 : 1),
  );
}
