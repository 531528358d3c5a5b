/** Computes the SHA-256 of a file while it is packed or unpacked. */
import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';

/**
 * Passes its input on unchanged.
 * @param onEnd gets the SHA-256 (lower-case hex) at the end; if it throws, the stream fails
 */
export function summing(onEnd: (sum: string) => void): Transform {
  const hash = createHash('sha256');
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      try {
        onEnd(hash.digest('hex'));
        done();
      } catch (error) {
        done(error as Error);
      }
    },
  });
}
