import { afterEach, expect, it, vi } from 'vitest';
import type { ServerEvent } from '../../../audit/contract/events.ts';
import { client } from '../../../renderer/shared/api.ts';
import { session } from '../../../renderer/shared/session.svelte.ts';

afterEach(() => vi.restoreAllMocks());

type Status = Awaited<ReturnType<typeof client.status>>;
type Watching = Parameters<typeof client.watch>[0];

it('tells that an import has ended only when the project it opened is known', async () => {
  const none = { version: '0', project: null, tasks: [] } as unknown as Status;
  const open = {
    ...none,
    project: { folder: '/chest.overread', structures: [] },
  } as unknown as Status;
  let answer: (status: Status) => void = () => undefined;
  let watching: Watching | undefined;
  vi.spyOn(client, 'settings').mockResolvedValue({} as never);
  vi.spyOn(client, 'status')
    .mockResolvedValueOnce(none)
    .mockReturnValueOnce(new Promise((resolve) => (answer = resolve)));
  vi.spyOn(client, 'watch').mockImplementation((given) => {
    watching = given;
    return Promise.resolve();
  });
  await session.start(new AbortController().signal);

  const seen: (string | null)[] = [];
  const ended = new Promise<void>((resolve) => {
    session.subscribe((event) => {
      seen.push(`${event.type}: ${session.project?.folder ?? 'none'}`);
      if (event.type === 'task') resolve();
    });
  });
  const send = (event: unknown): void => watching?.onEvent(event as ServerEvent);
  send({ type: 'changed', what: 'project' });
  send({ type: 'task', task: { id: '1', kind: 'import', state: 'done' } });
  await new Promise((resolve) => setImmediate(resolve));
  expect(seen).toEqual([]);
  answer(open);
  await ended;
  expect(seen).toEqual(['changed: /chest.overread', 'task: /chest.overread']);
});
