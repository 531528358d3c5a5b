/** What every host gives a program, and keeps of its output. */

/** Switches of Node: stacks name the sources. */
export const SWITCHES = ['--enable-source-maps'];

/** TensorFlow logs errors alone, and takes memory of the GPU as it needs it. */
export function programEnvironment(): NodeJS.ProcessEnv {
  return { TF_CPP_MIN_LOG_LEVEL: '2', TF_FORCE_GPU_ALLOW_GROWTH: 'true', ...process.env };
}

const KEPT = 4000;

interface Output {
  on(event: 'data', listener: (chunk: Buffer) => void): unknown;
}

/** The end of what a program writes, of standard output and error together. */
export class Tail {
  text = '';

  follow(...outputs: readonly (Output | null)[]): void {
    for (const output of outputs) {
      output?.on(
        'data',
        (chunk) => (this.text = (this.text + chunk.toString('utf8')).slice(-KEPT)),
      );
    }
  }
}
