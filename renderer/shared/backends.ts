/** The backends' names for a person. */
import type { BackendName } from '../../audit/contract/api.ts';

export const BACKEND_NAMES: Readonly<Record<BackendName, string>> = {
  tensorflow: 'TensorFlow',
  webgpu: 'WebGPU',
  wasm: 'WebAssembly',
};

/** The choices of a backend; '' is automatic. */
export const BACKEND_CHOICES: readonly { value: BackendName | ''; label: string }[] = [
  { value: '', label: 'The first that works' },
  { value: 'tensorflow', label: BACKEND_NAMES.tensorflow },
  { value: 'webgpu', label: BACKEND_NAMES.webgpu },
  { value: 'wasm', label: BACKEND_NAMES.wasm },
];
