import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runTrainer, startTrainer } from '../../../audit/training/host.ts';
import { PRESETS } from '../../../trainer/messages.ts';
import type { TrainerJob, TrainerMessage } from '../../../trainer/messages.ts';

const entry = fileURLToPath(new URL('./trainer.fixture.mjs', import.meta.url));

const job = (runId: string): TrainerJob => ({
  type: 'train',
  runId,
  sampleSet: 'none',
  runFolder: 'none',
  config: PRESETS.overread,
  resume: false,
  startFrom: null,
  backend: null,
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(condition: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error('the process did not end within 10 s');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('the trainer process', () => {
  it('has the trainer’s last message as its outcome', async () => {
    expect(await runTrainer(job('done'), { entry })).toEqual({
      kind: 'done',
      summary: { epochs: 1 },
    });
    expect(await runTrainer(job('fail'), { entry })).toEqual({
      kind: 'failed',
      message: 'No room.',
    });
  });

  it('has a sentence as its outcome that names the signal or the exit code after a crash', async () => {
    const killed = await runTrainer(job('kill'), { entry });
    expect(killed).toMatchObject({ kind: 'crashed' });
    expect(killed).toHaveProperty('message', expect.stringContaining('SIGKILL'));
    const exited = await runTrainer(job('exit'), { entry });
    expect(exited).toMatchObject({ kind: 'crashed' });
    expect(exited).toHaveProperty('message', expect.stringContaining('exit code 7'));
    expect(exited).toHaveProperty('message', expect.stringContaining('library not found'));
  });

  it('is ended if it sends an invalid message', async () => {
    const seen: TrainerMessage[] = [];
    const outcome = await runTrainer(job('nonsense'), { entry, onMessage: (m) => seen.push(m) });
    expect(outcome).toMatchObject({ kind: 'failed' });
    expect(outcome).toHaveProperty('message', expect.stringContaining('metrics'));
    expect(seen).toEqual([]);
  });

  it('is not started for an invalid job', () => {
    const wrong = { ...job('done'), config: { ...PRESETS.overread, epochs: 0 } };
    expect(() => startTrainer(wrong, { entry })).toThrow(/epochs/);
  });

  it('is ended if it hangs after its last message', async () => {
    const trainer = startTrainer(job('hang'), { entry, graceMs: 50 });
    expect(await trainer.outcome).toMatchObject({ kind: 'done' });
    await until(() => !alive(trainer.pid));
  });

  it('can be asked to pause, to resume and to cancel', async () => {
    const abort = new AbortController();
    const seen: string[] = [];
    const trainer = startTrainer(job('wait'), {
      entry,
      signal: abort.signal,
      onMessage: (message) => {
        seen.push(message.type);
        if (message.type === 'notice') trainer.pause();
        if (message.type === 'paused') trainer.resume();
        if (message.type === 'resumed') abort.abort();
      },
    });
    expect(await trainer.outcome).toEqual({ kind: 'cancelled', epoch: 3 });
    expect(seen).toEqual(['notice', 'paused', 'resumed', 'cancelled']);
  });

  it('is killed if it ignores a cancel', async () => {
    const abort = new AbortController();
    process.env['DEAF'] = '1';
    const outcome = runTrainer(job('wait'), {
      entry,
      signal: abort.signal,
      graceMs: 50,
      onMessage: () => abort.abort(),
    });
    delete process.env['DEAF'];
    expect(await outcome).toEqual({ kind: 'cancelled', epoch: 0 });
  });

  it('ends when its parent is killed', async () => {
    const host = new URL('../../../dist/audit/training/host.js', import.meta.url);
    const script = `
      const { startTrainer } = await import(${JSON.stringify(host.href)});
      const onMessage = (message) => process.stdout.write(message.message);
      startTrainer(${JSON.stringify(job('wait'))}, { entry: ${JSON.stringify(entry)}, onMessage });
    `;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [chunk] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(/waiting (\d+)/.exec(chunk.toString())?.[1]);
    expect(alive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await until(() => !alive(pid));
  });
});
