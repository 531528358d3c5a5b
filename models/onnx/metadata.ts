/** Writes and reads the metadata of an exported network. */
import { z } from 'zod';
import { PREPROCESSING } from '../preprocess.ts';
import { LARGEST_SIDE } from './bounds.ts';
import type { Model } from './schema.ts';

/** Every exported file keeps these entries as `overread.<key>`. */
const Metadata = z.object({
  kind: z.enum(['segmenter', 'qam']),
  structures: z.string().transform((text) => z.array(z.string()).min(1).parse(JSON.parse(text))),
  width: z.coerce.number().int().positive().max(LARGEST_SIDE),
  height: z.coerce.number().int().positive().max(LARGEST_SIDE),
  preprocessing: z.string(),
  run: z.string(),
  /** `label` if a QAM scores each label; missing if it gives one score for the case, and in a segmenter. */
  scores: z.literal('label').optional(),
  sees: z.literal('proposal').optional(),
});

export type ModelMetadata = z.infer<typeof Metadata>;

/** Turns the metadata of an export into strings. */
export function modelMetadata(of: {
  kind: 'segmenter' | 'qam';
  structures: readonly string[];
  width: number;
  height: number;
  run: string;
  scores?: 'case' | 'label' | undefined;
  seesProposal?: boolean | undefined;
}): Record<string, string> {
  return {
    kind: of.kind,
    structures: JSON.stringify(of.structures),
    width: String(of.width),
    height: String(of.height),
    preprocessing: JSON.stringify(PREPROCESSING),
    run: of.run,
    ...(of.scores === 'label' && { scores: of.scores }),
    ...(of.seesProposal === true && { sees: 'proposal' }),
  };
}

/** @throws Error of any kind when the model was not exported by Overread */
export function readMetadata(model: Partial<Model>): ModelMetadata {
  const entries = (model.metadata_props ?? []).flatMap(({ key, value }): [string, string][] =>
    key.startsWith('overread.') ? [[key.slice('overread.'.length), value]] : [],
  );
  return Metadata.parse(Object.fromEntries(entries));
}
