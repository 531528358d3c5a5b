/**
 * Label noise for experiments: reads the name or the radii of a noise, names and describes noises, and
 * plans the damage to each label. If the labels of a dataset are wrong already, no damage is planned.
 */
import { basename } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../errors.ts';
import { DiscEntry, planNoise } from '../damage/noise.ts';
import { PEOPLE_KINDS, PeopleEntry, planPeople } from '../damage/people.ts';

/**
 * `one` damages one random structure of a chosen case (the kind `swapped` damages two), `all` damages all
 * structures. Default: `all`; for the kind `people`, one of the two at random for each case.
 */
const Structures = z.enum(['one', 'all']).optional();

/** Erosion and dilation by discs, the noise of the Pick-and-Learn paper. */
const DiscNoise = z.object({
  /** Share of the training cases to damage, 0 … 1. */
  share: z.number().min(0).max(1),
  /** Smallest and largest radius, in pixels at 256²; both occur. */
  from: z.number().int().positive(),
  to: z.number().int().positive(),
  mode: z.enum(['both', 'erode', 'dilate']),
  structures: Structures,
});
export type DiscNoise = z.infer<typeof DiscNoise>;

/** Errors as people make them: of one kind, or (`people`) of all kinds in turn. */
const PeopleNoise = z.object({
  kind: z.enum([...PEOPLE_KINDS, 'people']),
  share: z.number().min(0).max(1),
  structures: Structures,
});

/** Labels that are wrong already, in a folder that has a folder of masks for each structure. */
const GivenNoise = z.object({
  kind: z.literal('given'),
  /** The name of the folder of the labels. */
  labels: z.string(),
  /** All training cases have given labels, so this is 1. The true masks tell how many are wrong. */
  share: z.literal(1),
});

/** Phantoms of which some have a lesion; some labels of lesions were made wrong with the phantoms. */
const LesionNoise = z.object({
  kind: z.literal('lesions'),
  /** Share of the images with a lesion. */
  present: z.number().min(0).max(1),
  /** Number of wrong labels of lesions, divided by the number of lesions. */
  share: z.number().min(0).max(1),
});

export const NoiseSpec = z.union([PeopleNoise, DiscNoise, GivenNoise, LesionNoise]);
export type NoiseSpec = z.infer<typeof NoiseSpec>;
type Given = z.infer<typeof GivenNoise> | z.infer<typeof LesionNoise>;
type PlannedNoise = Exclude<NoiseSpec, Given>;

export const isDiscs = (noise: NoiseSpec): noise is DiscNoise => !('kind' in noise);

/** Whether the labels to train on are wrong already, so that the experiment does not damage them. */
export const isGiven = (noise: NoiseSpec): noise is Given =>
  !isDiscs(noise) && (noise.kind === 'given' || noise.kind === 'lesions');

/** The noise of a dataset whose labels are in the folder `root`. */
export const givenNoise = (root: string): NoiseSpec => ({
  ...{ kind: 'given', labels: basename(root), share: 1 },
});

/** A given label that is an error: its dice with the true mask is below the reader noise (`errorDice`). */
const GivenEntry = z.object({
  case: z.string(),
  structure: z.string(),
  /** The kind of error that a truth file beside the labels names, else `given`. */
  kind: z.string(),
  /** Dice with the true mask, at the resolution of the networks. */
  dice: z.number().min(0).max(1),
});

/** The damage to one label: an entry of `noise.json`. */
export const NoiseEntry = z.union([DiscEntry, PeopleEntry, GivenEntry]);
export type PlannedEntry = DiscEntry | PeopleEntry;
export type NoiseEntry = z.infer<typeof NoiseEntry>;

const NAMED: Readonly<Record<string, PlannedNoise>> = {
  none: { share: 0, from: 1, to: 1, mode: 'both' },
  low: { share: 0.5, from: 1, to: 8, mode: 'both' },
  high: { share: 0.5, from: 5, to: 13, mode: 'both' },
  'all-large': { share: 0.3, from: 8, to: 13, mode: 'dilate' },
  ...Object.fromEntries(PEOPLE_KINDS.map((kind) => [kind, { kind, share: 0.3 }])),
  // As if one of five annotators drew all structures too large.
  generous: { kind: 'generous', share: 0.2 },
  people: { kind: 'people', share: 0.3 },
};

/** Default of `--share` for lesions: the number of wrong labels, divided by the number of lesions. */
export const LESION_ERRORS = 0.5;

export const NOISE_NAMES = Object.keys(NAMED);

export interface NoiseChoices {
  readonly share?: number | undefined;
  readonly mode?: DiscNoise['mode'] | undefined;
  readonly structures?: 'one' | 'all' | undefined;
}

/** Adds the chosen structures to the noise, unless they are the default of its kind. */
function withStructures<N extends PlannedNoise>(
  noise: N,
  structures: NoiseChoices['structures'],
): N {
  if (structures === undefined) return noise;
  const own = isDiscs(noise) || noise.kind !== 'people' ? 'all' : null;
  return structures === own ? noise : { ...noise, structures };
}

/**
 * Reads the name of a noise, or radii such as `5..13`.
 * @param given overrides the defaults of the name
 * @throws UsageError when `text` is no such name and no radii, or an option in `given` does not fit the noise
 */
export function parseNoise(text: string, given: NoiseChoices = {}): PlannedNoise {
  const radii = /^(\d+)\.\.(\d+)$/.exec(text);
  const base: PlannedNoise | undefined = radii
    ? { share: 0.5, from: Number(radii[1]), to: Number(radii[2]), mode: 'both' }
    : Object.hasOwn(NAMED, text)
      ? NAMED[text]
      : undefined;
  const known = base !== undefined && (!isDiscs(base) || (base.from >= 1 && base.to >= base.from));
  if (!known || (isDiscs(base) && base.to > 128)) {
    const names = NOISE_NAMES.join(', ');
    throw new UsageError(`The noise "${text}" is unknown: give ${names}, or radii as 5..13.`);
  }
  const { share = base.share, mode, structures } = given;
  if (isDiscs(base)) {
    return withStructures({ ...base, share, ...(mode !== undefined && { mode }) }, structures);
  }
  if (mode !== undefined) {
    throw new UsageError(`--mode is for erosion and dilation: leave it out with "${text}".`);
  }
  if (base.kind === 'generous' && structures === 'one') {
    throw new UsageError(
      'A generous annotator draws all structures too large: leave --structures out with "generous".',
    );
  }
  return withStructures({ ...base, share }, structures);
}

/** The options of the command line that give this noise; options with their default value are left out. */
export function noiseOptions(noise: NoiseSpec): string[] {
  if (isGiven(noise)) {
    if (noise.kind === 'given') return [`--given-labels ${noise.labels}`];
    const { present, share } = noise;
    return [`--lesion-share ${present}`, ...(share === LESION_ERRORS ? [] : [`--share ${share}`])];
  }
  const { share, structures } = noise;
  const isSame = ([, one]: [string, PlannedNoise]): boolean =>
    isDiscs(noise)
      ? isDiscs(one) && one.from === noise.from && one.to === noise.to && one.share > 0
      : !isDiscs(one) && one.kind === noise.kind;
  const known = Object.entries(NAMED).find(isSame);
  if (share === 0) return ['--noise none'];
  const name = known?.[0] ?? (isDiscs(noise) ? `${noise.from}..${noise.to}` : noise.kind);
  const usual = parseNoise(name);
  const mode = isDiscs(noise) && isDiscs(usual) && noise.mode !== usual.mode ? noise.mode : null;
  return [
    `--noise ${name}`,
    ...(share === usual.share ? [] : [`--share ${share}`]),
    ...(mode === null ? [] : [`--mode ${mode}`]),
    ...(structures === undefined ? [] : [`--structures ${structures}`]),
  ];
}

const percents = (share: number): number => Math.round(share * 1000) / 10;

/** The noise as a part of a cell's name. */
export function noiseName(noise: NoiseSpec): string {
  if (isGiven(noise)) {
    if (noise.kind === 'given') return `given-${noise.labels.replace(/[^\p{L}\p{N}]+/gu, '-')}`;
    return `lesions-${percents(noise.present)}pc-wrong-${percents(noise.share)}pc`;
  }
  if (noise.share === 0) return 'none';
  const kind = isDiscs(noise) ? `${noise.from}-${noise.to}-${noise.mode}` : noise.kind;
  const structures = noise.structures === undefined ? '' : `-${noise.structures}`;
  return `${kind}${structures}-${percents(noise.share)}pc`;
}

const WORDS: Readonly<Record<Exclude<PlannedNoise, DiscNoise>['kind'], string>> = {
  shifted: 'shifted',
  missing: 'with a part missing',
  'wrong-side': 'on the wrong side',
  swapped: 'with structures swapped',
  'other-patient': 'of another patient',
  ragged: 'with a ragged boundary',
  leak: 'with a leaked fill',
  generous: 'by a generous annotator',
  people: 'as people err',
};

/** Describes the noise in words. */
export function noiseWords(noise: NoiseSpec): string {
  if (isGiven(noise)) {
    if (noise.kind === 'given') return `labels as given in ${noise.labels}`;
    return `lesions in ${percents(noise.present)} %, ${percents(noise.share)} % of them wrong`;
  }
  if (noise.share === 0) return 'none';
  const how = isDiscs(noise)
    ? `${noise.mode === 'both' ? 'eroded or dilated' : `${noise.mode}d`}, ${noise.from}–${noise.to} px`
    : WORDS[noise.kind];
  const which = { one: ', one structure', all: ', all structures' };
  const structures = noise.structures === undefined ? '' : which[noise.structures];
  return `${percents(noise.share)} % ${how}${structures}`;
}

/** Describes the damage to a label in words, for the manifest of the sample set. */
export function entryWords(entry: PlannedEntry): string {
  if ('radius' in entry) return `${entry.kind} by ${entry.radius}`;
  const { kind, severity, other } = entry;
  return [kind, severity?.toFixed(3), other].filter((part) => typeof part === 'string').join(' ');
}

/** Plans the damage to each label; the seed decides all random choices. Given labels get no damage. */
export function planOf(
  noise: NoiseSpec,
  ids: readonly string[],
  structures: readonly string[],
  seed: number,
): PlannedEntry[] {
  if (isGiven(noise)) return [];
  return isDiscs(noise)
    ? planNoise(ids, structures, { ...noise, seed })
    : planPeople(ids, structures, { ...noise, seed });
}
