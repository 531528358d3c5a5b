/** The real server for tests of the review. It records requests, and a test can hold them back. */
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { createClient } from '../../../audit/contract/client.ts';
import type { Client } from '../../../audit/contract/client.ts';
import { openFixture } from '../../audit/server/project.ts';
import type { Fixture } from '../../audit/server/project.ts';

export class ReviewServer {
  fixture!: Fixture;
  client!: Client;
  /** Requests as they came: method and path. */
  asked: string[] = [];
  /** A promise that each request waits for before it is answered. */
  gate: Promise<void> = Promise.resolve();
}

/**
 * Starts a server with `count` cases for the tests of a file, and takes all verdicts back after each
 * test.
 */
export function useReviewServer(count: number): ReviewServer {
  const server = new ReviewServer();
  beforeAll(async () => {
    server.fixture = await openFixture(count);
    server.client = createClient(async (address, init) => {
      server.asked.push(`${init?.method} ${address}`);
      await server.gate;
      if (init?.signal?.aborted) throw new DOMException('taken back', 'AbortError');
      return server.fixture.app.fetch(new Request(`http://overread.test${address}`, init));
    });
  });
  beforeEach(() => {
    server.asked = [];
    server.gate = Promise.resolve();
  });
  afterEach(async () => {
    const items = server.fixture.ids.map((id) => ({ case: id, structure: null }));
    await server.client.judge(items, null);
  });
  afterAll(() => server.fixture.close());
  return server;
}
