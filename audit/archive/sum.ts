/** The SHA-256 of a file on its way into a pack or out of it. */
import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';

/**
 * Hands on what flows through it.
 * @param onEnd gets the SHA-256 (lower-case hex) once all has passed; what it throws ends the stream
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
