import { expect, it, vi } from 'vitest';
import { page } from 'vitest/browser';
import { client } from '../../../renderer/shared/api.ts';
import { session } from '../../../renderer/shared/session.svelte.ts';
import Backends from '../../../renderer/settings/Backends.svelte';
import { mount, taskOf } from '../mounted/index.ts';

const tool = { name: 'python3', version: null };
const result = {
  node: '20.20.2',
  python: tool,
  pip: tool,
  compiler: tool,
  gpus: [],
  cacheFolder: '/home/ada/.cache/overread',
  free: 5e9,
  backends: [
    { backend: 'tensorflow', works: false, device: null, why: 'It is not set up.' },
    { backend: 'wasm', works: true, device: 'CPU', why: '' },
  ],
};

it('reports the chosen backend, or null for the first that works', async () => {
  const onchange = vi.fn();
  await mount(Backends, { value: 'wasm', onchange });
  const list = page.getByRole('combobox', { name: 'Training backend' });
  await expect.element(list).toHaveValue('wasm');
  await list.selectOptions('WebGPU');
  await list.selectOptions('The first that works');
  expect(onchange.mock.calls).toEqual([['webgpu'], [null]]);
});

it('checks the machine, says which backends work or why not, and sets up a missing one', async () => {
  const task = taskOf({ id: 'd1', kind: 'doctor', title: 'Trying' });
  vi.spyOn(client, 'doctor').mockResolvedValue(task);
  const setUp = vi.spyOn(client, 'setUp').mockResolvedValue(taskOf({ kind: 'setup' }));
  await mount(Backends, { value: null, onchange: vi.fn() });
  await page.getByRole('button', { name: 'Check' }).click();
  session.tasks = [task];
  await expect.element(page.getByRole('progressbar', { name: 'Trying' })).toBeVisible();
  session.tasks = [{ ...task, state: 'done', result }];
  const item = page.getByRole('listitem');
  await expect.element(item.nth(0)).toHaveTextContent(/TensorFlow\s*It is not set up\./);
  await expect.element(item.nth(1)).toHaveTextContent(/WebAssembly\s*CPU/);
  await expect.element(page.getByText(/5\.0 GB free/)).toBeVisible();
  await page.getByRole('button', { name: 'Set up' }).click();
  expect(setUp).toHaveBeenCalledExactlyOnceWith('tensorflow');
});
