/**
 * The wheels that TensorFlow is taken from, each pinned by its SHA-256. Only Linux on x64: the wheels
 * of other platforms keep the C library elsewhere or not at all, and none was tried.
 */
import type { Flavour } from './tensorflow-folder.ts';

export interface Wheel {
  /** On the Python package index. */
  readonly project: string;
  readonly version: string;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
}

const CPU: readonly Wheel[] = [
  {
    project: 'tensorflow-cpu',
    version: '2.21.0',
    file: 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
    bytes: 273829956,
    sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
  },
];

/** The wheels to unpack on this platform, none where the official installer is the way. */
export function wheelsFor(
  flavour: Flavour,
  platform: string = process.platform,
  architecture: string = process.arch,
): readonly Wheel[] {
  if (platform !== 'linux' || architecture !== 'x64') return [];
  return flavour === 'gpu' ? [] : CPU;
}
