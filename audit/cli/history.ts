/** Rows of the audit log in words. Pure. */
import { z } from 'zod';
import { BlindKind, Verdict } from '../contract/terms.ts';
import type { AuditEntry } from '../store/types.ts';

/** Longer values, as hashes and configurations, are left out. */
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

/** Whether a row is about the case `id`. */
export function concerns({ action, detail }: AuditEntry, id: string): boolean {
  const found = OfCase.safeParse(detail);
  return ['verdict', 'comment', 'revision'].includes(action) && found.data?.case === id;
}

/** `lung excluded, was accepted`; `lung: verdict taken back, was excluded`; `lung fixed, judged blind`. */
function describeVerdict(given: z.infer<typeof Given>): string {
  const { verdict, labels, comment, commented, blind } = given;
  const said = labels.map(({ structure, from }) => {
    const before = from === null ? '' : `, was ${from}`;
    return verdict === null
      ? `${structure}: verdict taken back${before}`
      : `${structure} ${verdict}${before}${blind ? ', judged blind' : ''}`;
  });
  if (comment === undefined) return said.join('; ');
  // Labels that already had this verdict are listed for their new comment alone.
  const where = said.length > 0 ? said : [(commented ?? []).join(', ')];
  return `${where.join('; ')}: “${comment}”`;
}

/** Any other detail, as `name value`. */
function describeDetail(detail: unknown): string {
  if (typeof detail !== 'object' || detail === null) return JSON.stringify(detail ?? '');
  return Object.entries(detail)
    .map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)])
    .map(([key, text]) => `${key} ${(text?.length ?? 0) > LONGEST ? '…' : (text ?? '')}`)
    .join(', ');
}

/** The detail of a row in words. @param options.withCase begin with the name of the case */
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
