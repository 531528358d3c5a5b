/** Puts the rows of the audit log into words. Pure. */
import { z } from 'zod';
import { BlindKind, Verdict } from '../contract/terms.ts';
import type { AuditEntry } from '../store/types.ts';

/** In the detail of a row, a value with more characters than this, such as a hash, is shown as `…`. */
const LONGEST = 60;

const Given = z.object({
  case: z.string(),
  verdict: Verdict.nullable(),
  labels: z.array(z.object({ structure: z.string(), from: Verdict.nullable() })),
  comment: z.string().optional(),
  commented: z.array(z.string()).optional(),
  blind: BlindKind.optional(),
});
const Commented = z.object({ case: z.string(), structure: z.string(), text: z.string() });
const Revised = z.object({
  case: z.string(),
  structure: z.string(),
  number: z.number(),
  mask: z.string().nullable(),
  area: z.number(),
  reason: z.string(),
});
const OfCase = z.object({ case: z.string() });

/** Whether a row is a change of the case `id`: a verdict, a comment or a revision. */
export function concerns({ action, detail }: AuditEntry, id: string): boolean {
  const found = OfCase.safeParse(detail);
  return ['verdict', 'comment', 'revision'].includes(action) && found.data?.case === id;
}

/** For example `lung excluded, was accepted`, `lung: verdict taken back` or `lung fixed, judged blind`. */
function describeVerdict(given: z.infer<typeof Given>): string {
  const { verdict, labels, comment, commented, blind } = given;
  const said = labels.map(({ structure, from }) => {
    const before = from === null ? '' : `, was ${from}`;
    return verdict === null
      ? `${structure}: verdict taken back${before}`
      : `${structure} ${verdict}${before}${blind ? ', judged blind' : ''}`;
  });
  if (comment === undefined) return said.join('; ');
  // If no verdict changed, the comment is new: name the labels that got it.
  const where = said.length > 0 ? said : [(commented ?? []).join(', ')];
  return `${where.join('; ')}: “${comment}”`;
}

/** The detail of a row that is no verdict, comment or revision, as `name value, name value`. */
function describeDetail(detail: unknown): string {
  if (typeof detail !== 'object' || detail === null) return JSON.stringify(detail ?? '');
  return Object.entries(detail)
    .map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)])
    .map(([key, text]) => `${key} ${(text?.length ?? 0) > LONGEST ? '…' : (text ?? '')}`)
    .join(', ');
}

/** The detail of a row in words. @param options.withCase whether the words begin with the case's name */
export function describeRow(
  { action, detail }: AuditEntry,
  { withCase = true }: { withCase?: boolean } = {},
): string {
  const of = (id: string, text: string): string => (withCase ? `${id}: ${text}` : text);
  const given = Given.safeParse(detail);
  if (action === 'verdict' && given.success) {
    return of(given.data.case, describeVerdict(given.data));
  }
  const commented = Commented.safeParse(detail);
  if (action === 'comment' && commented.success) {
    const { structure, text } = commented.data;
    return of(commented.data.case, `${structure}: “${text}”`);
  }
  const revised = Revised.safeParse(detail);
  if (action === 'revision' && revised.success) {
    const { structure, number, mask, area, reason } = revised.data;
    const what = mask === null ? 'absent' : `${area} px`;
    return of(revised.data.case, `${structure} revision ${number}, ${what} (${reason})`);
  }
  return describeDetail(detail);
}
