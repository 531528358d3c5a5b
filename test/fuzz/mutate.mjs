// Mutations of bytes: one or a few changes, as bad disks, bad programs and attackers make them. The
// same random numbers give the same bytes.
import { Buffer } from 'node:buffer';
import { gunzipSync, gzipSync } from 'node:zlib';
import { mutateText } from './mutate-text.mjs';

/** Length of most formats' headers in bytes. */
const HEADER = 512;

/** Where a change begins: mostly in the header, else anywhere, or near the end. */
function placeIn(bytes, from, numbers) {
  const length = bytes.length - from;
  if (length <= 0) return bytes.length;
  const near = Math.min(HEADER, length);
  const kind = numbers.below(4);
  if (kind < 2) return from + numbers.below(near);
  if (kind === 2) return from + numbers.below(length);
  return bytes.length - 1 - numbers.below(near);
}

function flip(bytes, at) {
  return (numbers) => {
    const copy = Buffer.from(bytes);
    for (let left = 1 + numbers.below(4), i = at; left > 0 && i < copy.length; left -= 1) {
      copy[i] ^= 1 << numbers.below(8);
      i += numbers.below(3) === 0 ? numbers.below(64) : 1;
    }
    return copy;
  };
}

/** Sets a number of 1, 2, 4 or 8 bytes to a risky value, such as 0, −1, the largest or 60,000. */
function number(bytes, at, numbers) {
  const copy = Buffer.from(bytes);
  const size = [1, 2, 4, 8][numbers.below(4)];
  const bits = BigInt(size * 8);
  const most = (1n << bits) - 1n;
  const values = [0n, 1n, most, most >> 1n, (most >> 1n) + 1n, most - 1n, 60_000n, 20_000n, 256n];
  let value = values[numbers.below(values.length)] & most;
  const isLittle = numbers.below(2) === 0;
  for (let i = 0; i < size; i += 1, value >>= 8n) {
    const place = at + (isLittle ? i : size - 1 - i);
    if (place < copy.length) copy[place] = Number(value & 255n);
  }
  return copy;
}

function noise(length, numbers) {
  return Buffer.from(Array.from({ length }, () => numbers.below(256)));
}

/** Makes one change in the bytes from `from` on. The bytes before `from` have no meaning. */
function changed(bytes, from, numbers) {
  const at = placeIn(bytes, from, numbers);
  const length = 1 + numbers.below(numbers.below(4) === 0 ? 400 : 16);
  const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (numbers.below(8)) {
    case 0:
      return Buffer.from(head);
    case 1:
      return Buffer.concat([head, tail.subarray(length)]);
    case 2:
      return Buffer.concat([head, tail.subarray(0, length), tail]);
    case 3:
      return Buffer.concat([head, noise(length, numbers), tail]);
    case 4:
      return Buffer.concat([
        head,
        Buffer.alloc(Math.min(length, tail.length), [0, 1, 127, 128, 255][numbers.below(5)]),
        tail.subarray(length),
      ]);
    case 5:
    case 6:
      return number(bytes, at, numbers);
    default:
      return flip(bytes, at)(numbers);
  }
}

/**
 * One mutation of a file.
 * @param kind `json`, `xml`, `yaml` or `lines` for a text: two of three mutations change its parts, the
 *   others its bytes; `gzip`: most mutations change the contents; null for other files
 * @param from the first byte that has a meaning
 */
export function mutated(bytes, { kind, from = 0 }, numbers) {
  if (kind === 'gzip') {
    return numbers.below(4) === 0
      ? changed(bytes, 0, numbers)
      : gzipSync(changed(gunzipSync(bytes), 0, numbers), { level: 1 });
  }
  if (kind !== null && numbers.below(3) > 0) {
    return Buffer.from(mutateText(bytes.toString('utf8'), kind, numbers));
  }
  let result = changed(bytes, from, numbers);
  for (let more = numbers.below(4); more > 2; more -= 1) result = changed(result, from, numbers);
  return result;
}
