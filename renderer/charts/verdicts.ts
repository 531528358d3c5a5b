/** Verdicts as charts show them: the order they are stacked in, words and colours. */

export const VERDICT_KINDS = ['fixed', 'excluded', 'flagged', 'accepted', 'open'] as const;
export type VerdictKind = (typeof VERDICT_KINDS)[number];

export const VERDICT_WORDS: Readonly<Record<VerdictKind, string>> = {
  fixed: 'fixed',
  excluded: 'excluded',
  flagged: 'flagged',
  accepted: 'accepted',
  open: 'not reviewed',
};

/** Tailwind classes of fills, for SVG and for boxes. */
export const VERDICT_FILL: Readonly<Record<VerdictKind, string>> = {
  fixed: 'fill-ok',
  excluded: 'fill-bad',
  flagged: 'fill-warn',
  accepted: 'fill-mute',
  open: 'fill-line-strong',
};
export const VERDICT_BOX: Readonly<Record<VerdictKind, string>> = {
  fixed: 'bg-ok',
  excluded: 'bg-bad',
  flagged: 'bg-warn',
  accepted: 'bg-mute',
  open: 'bg-line-strong',
};
export const VERDICT_STROKE: Readonly<Record<VerdictKind, string>> = {
  fixed: 'stroke-ok',
  excluded: 'stroke-bad',
  flagged: 'stroke-warn',
  accepted: 'stroke-mute',
  open: 'stroke-line-strong',
};
