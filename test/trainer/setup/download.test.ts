import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { download } from '../../../trainer/setup/download.ts';

const content = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * 31) % 251));
const sha256 = createHash('sha256').update(content).digest('hex');
let folder: string;
let server: Server;
let handle: (request: IncomingMessage, response: ServerResponse) => void;
let asked: (string | undefined)[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'overread-download-'));
  asked = [];
  server = createServer((request, response) => {
    asked.push(request.headers.range);
    handle(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const job = () => ({
  address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/file.whl`,
  to: join(folder, 'file.whl'),
  bytes: content.length,
  sha256,
});

function ranged(request: IncomingMessage, response: ServerResponse): void {
  const start = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  response.writeHead(start > 0 ? 206 : 200);
  response.end(content.subarray(start));
}

it('continues where the connection broke', async () => {
  handle = (_request, response) => {
    handle = ranged;
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.subarray(0, 100_000), () => response.destroy());
  };
  const seen: number[] = [];
  await download(job(), (bytes) => seen.push(bytes));
  expect(await readFile(join(folder, 'file.whl'))).toEqual(content);
  expect(asked[0]).toBeUndefined();
  expect(asked[1]).toMatch(/^bytes=[1-9]\d*-$/);
  expect(seen.at(-1)).toBe(content.length);
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
});

it('continues from the part that an earlier process left', async () => {
  await writeFile(join(folder, 'file.whl.part'), content.subarray(0, 250_000));
  handle = ranged;
  await download(job(), () => undefined);
  expect(asked).toEqual(['bytes=250000-']);
  expect(await readFile(join(folder, 'file.whl'))).toEqual(content);
});

it('starts again if the server knows no range requests', async () => {
  await writeFile(join(folder, 'file.whl.part'), content.subarray(0, 1000));
  handle = (_request, response) => response.end(content);
  await download(job(), () => undefined);
  expect(await readFile(join(folder, 'file.whl'))).toEqual(content);
});

it('refuses a file with another checksum and deletes it', async () => {
  handle = (_request, response) => response.end(Buffer.alloc(content.length));
  await expect(download(job(), () => undefined)).rejects.toThrow('SHA-256');
  expect(existsSync(join(folder, 'file.whl'))).toBe(false);
  expect(existsSync(join(folder, 'file.whl.part'))).toBe(false);
});

it('stops when cancelled and keeps what has arrived', async () => {
  const stop = new AbortController();
  handle = (_request, response) => {
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.subarray(0, 100_000));
  };
  await expect(download(job(), () => stop.abort(), stop.signal)).rejects.toThrow();
  expect(existsSync(join(folder, 'file.whl'))).toBe(false);
  expect(existsSync(join(folder, 'file.whl.part'))).toBe(true);
});
