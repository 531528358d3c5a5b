/** Switches, environment and output of a program, the same for every host. */

/** Switches of Node for a program. They make its stack traces name the source files. */
export const SWITCHES = ['--enable-source-maps'];

/**
 * The program's environment: by default, TensorFlow logs only errors and takes GPU memory as it needs
 * it. The variables of this process are passed on and override these defaults.
 */
export function programEnvironment(): NodeJS.ProcessEnv {
  return { TF_CPP_MIN_LOG_LEVEL: '2', TF_FORCE_GPU_ALLOW_GROWTH: 'true', ...process.env };
}

/** How many characters are kept of the end of a program's output. */
const KEPT = 4000;

interface Output {
  on(event: 'data', listener: (chunk: Buffer) => void): unknown;
}

/** The end of a program's output, standard output and standard error together. */
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
