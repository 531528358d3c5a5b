/**
 * From the coefficients of a block of 8 × 8 to its samples, in whole numbers, to the bit as libjpeg
 * does it by default. Reference: Loeffler, Ligtenberg, Moschytz, ICASSP 1989; libjpeg's jidctint.c.
 */

// Cosines, 13 bits behind the point.
const C0_298 = 2446;
const C0_390 = 3196;
const C0_541 = 4433;
const C0_765 = 6270;
const C0_899 = 7373;
const C1_175 = 9633;
const C1_501 = 12299;
const C1_847 = 15137;
const C1_961 = 16069;
const C2_053 = 16819;
const C2_562 = 20995;
const C3_072 = 25172;

const work = new Int32Array(64);

/** One row or column of `work`, from `at` on in steps of `step`, its result rounded by `shift` bits. */
function transform(at: number, step: number, shift: number): void {
  const half = 1 << (shift - 1);
  const [i1, i2, i3] = [at + step, at + 2 * step, at + 3 * step];
  const [i4, i5, i6, i7] = [at + 4 * step, at + 5 * step, at + 6 * step, at + 7 * step];
  const shared = (work[i2] + work[i6]) * C0_541;
  const even2 = shared - work[i6] * C1_847;
  const even3 = shared + work[i2] * C0_765;
  const even0 = (work[at] + work[i4]) << 13;
  const even1 = (work[at] - work[i4]) << 13;
  const [a, d, b, c] = [even0 + even3, even0 - even3, even1 + even2, even1 - even2];
  const [o7, o5, o3, o1] = [work[i7], work[i5], work[i3], work[i1]];
  const z5 = (o7 + o3 + o5 + o1) * C1_175;
  const z1 = (o7 + o1) * -C0_899;
  const z2 = (o5 + o3) * -C2_562;
  const z3 = (o7 + o3) * -C1_961 + z5;
  const z4 = (o5 + o1) * -C0_390 + z5;
  const t0 = o7 * C0_298 + z1 + z3;
  const t1 = o5 * C2_053 + z2 + z4;
  const t2 = o3 * C3_072 + z2 + z3;
  const t3 = o1 * C1_501 + z1 + z4;
  work[at] = (a + t3 + half) >> shift;
  work[i7] = (a - t3 + half) >> shift;
  work[i1] = (b + t2 + half) >> shift;
  work[i6] = (b - t2 + half) >> shift;
  work[i2] = (c + t1 + half) >> shift;
  work[i5] = (c - t1 + half) >> shift;
  work[i3] = (d + t0 + half) >> shift;
  work[i4] = (d - t0 + half) >> shift;
}

/**
 * Writes the samples of a block into a plane.
 * @param coefficients in rows, 64 from `from` on
 * @param steps what each is multiplied by, in rows
 */
export function inverse(
  coefficients: Int16Array,
  from: number,
  steps: Uint16Array,
  plane: Uint8ClampedArray,
  to: number,
  stride: number,
): void {
  let isFlat = true;
  for (let i = 0; i < 64; i += 1) {
    const value = coefficients[from + i];
    work[i] = value * steps[i];
    if (i > 0 && value !== 0) isFlat = false;
  }
  if (isFlat) {
    const value = ((work[0] + 4) >> 3) + 128;
    for (let y = 0; y < 8; y += 1) plane.fill(value, to + y * stride, to + y * stride + 8);
    return;
  }
  for (let x = 0; x < 8; x += 1) transform(x, 8, 11);
  for (let y = 0; y < 8; y += 1) {
    transform(y * 8, 1, 18);
    const out = to + y * stride;
    for (let x = 0; x < 8; x += 1) plane[out + x] = work[y * 8 + x] + 128;
  }
}
