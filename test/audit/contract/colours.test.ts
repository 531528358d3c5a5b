/** The colours of structures differ, for colour-blind people too. */
import { expect, it } from 'vitest';
import { STRUCTURE_COLOURS } from '../../../audit/contract/terms.ts';

type Triple = readonly [number, number, number];

const linear = (value: number): number =>
  value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;

const times = (rows: readonly Triple[], [r, g, b]: Triple): Triple =>
  rows.map((row) => Math.max(0, row[0] * r + row[1] * g + row[2] * b)) as unknown as Triple;

const SEEN: readonly (readonly Triple[])[] = [
  [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  // Protanopia and deuteranopia: Machado, Oliveira and Fernandes, 2009, severity 1.
  [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
];

/** A colour in OKLab (Ottosson, 2020), in which distances are even. */
function okLab(rgb: Triple): Triple {
  const cones = times(
    [
      [0.4122214708, 0.5363325363, 0.0514459929],
      [0.2119034982, 0.6806995451, 0.1073969566],
      [0.0883024619, 0.2817188376, 0.6299787005],
    ],
    rgb,
  ).map(Math.cbrt) as unknown as Triple;
  const [l, m, s] = cones;
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

function seen(hex: string): Triple[] {
  const value = Number.parseInt(hex.slice(1), 16);
  const rgb = [value >> 16, (value >> 8) & 255, value & 255].map((part) =>
    linear(part / 255),
  ) as unknown as Triple;
  return SEEN.map((eye) => okLab(times(eye, rgb).map((v) => Math.min(1, v)) as unknown as Triple));
}

it('has 18 colours, of which each two differ as much as those of Okabe and Ito', () => {
  expect(STRUCTURE_COLOURS).toHaveLength(18);
  const all = STRUCTURE_COLOURS.map(seen);
  const apart = (a: number, b: number): number =>
    Math.min(
      ...all[a].map((colour, eye) => Math.hypot(...colour.map((v, i) => v - all[b][eye][i]))),
    );
  const distances = (count: number): number[] =>
    Array.from({ length: count }, (_, a) =>
      Array.from({ length: a }, (_, b) => apart(a, b)),
    ).flat();
  const okabe = Math.min(...distances(7));
  expect(okabe).toBeGreaterThan(0.07);
  expect(Math.min(...distances(18))).toBeGreaterThanOrEqual(okabe);
});
