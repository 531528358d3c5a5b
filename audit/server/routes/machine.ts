/** A test of the machine and its backends, and the installation of a backend's native parts. */
import type { Hono } from 'hono';
import { SetupRequest } from '../../contract/api.ts';
import type { DoctorResult } from '../../contract/api.ts';
import { BACKEND_ORDER } from '../../../trainer/messages.ts';
import { describeMachine } from '../../training/machine.ts';
import { UserError } from '../../errors.ts';
import { probeBackends, setUpBackend } from '../../training/backends.ts';
import type { ServerContext } from '../http/context.ts';
import { body } from '../http/input.ts';

export function machineRoutes(app: Hono, { tasks }: ServerContext): void {
  app.post('/api/doctor', (c) => {
    const task = tasks.start(
      { kind: 'doctor', title: 'Try what this machine can do', writes: false, project: false },
      async (signal, onProgress) => {
        const machine = await describeMachine();
        const total = BACKEND_ORDER.length;
        const tell = (done: number, message: string): void =>
          onProgress({ task: 'setup', message, done, total, secondsLeft: null });
        let done = 0;
        tell(done, 'Trying the backends');
        const backends = await probeBackends({
          signal,
          onReport: ({ backend, works }) => {
            done += 1;
            tell(done, `${backend} ${works ? 'works' : 'does not work'}`);
          },
        });
        signal.throwIfAborted();
        return { ...machine, gpus: [...machine.gpus], backends } satisfies DoctorResult;
      },
    );
    return c.json(task, 202);
  });

  app.post('/api/setup', async (c) => {
    const { backend } = await body(c, SetupRequest);
    const task = tasks.start(
      { kind: 'setup', title: `Set up ${backend}`, writes: false, project: false },
      async (signal, onProgress) => {
        const problem = await setUpBackend(backend, { signal, onProgress });
        signal.throwIfAborted();
        if (problem !== null) throw new UserError(problem);
        return { backend };
      },
    );
    return c.json(task, 202);
  });
}
