// A trainer for tests that trains nothing: the id of the run chooses how it ends or misbehaves.
// Real trainings are tested end to end.
import { setInterval } from 'node:timers';
process.on('disconnect', () => process.exit(0));
process.on('message', (job) => {
  if (job.type === 'cancel') {
    if (process.env.DEAF) return;
    process.send({ type: 'cancelled', epoch: 3 }, () => process.exit(0));
    return;
  }
  if (job.type === 'pause') process.send({ type: 'paused' });
  if (job.type === 'resume') process.send({ type: 'resumed' });
  const behaviours = {
    done: () => process.send({ type: 'done', summary: { epochs: 1 } }, () => process.exit(0)),
    fail: () => process.send({ type: 'failed', message: 'No room.' }, () => process.exit(1)),
    kill: () => process.kill(process.pid, 'SIGKILL'),
    exit: () => {
      process.stderr.write('Error: library not found\n    at somewhere\n', () => process.exit(7));
    },
    nonsense: () => process.send({ type: 'epoch', metrics: { epoch: 'first' } }),
    hang: () => process.send({ type: 'done', summary: {} }),
    wait: () => process.send({ type: 'notice', message: `waiting ${process.pid}` }),
  };
  behaviours[job.runId]?.();
});
setInterval(() => undefined, 1000);
