/** Reads and checks the input of requests. */
import type { Context } from 'hono';
import type { z } from 'zod';
import { Refusal } from './respond.ts';

/** The most bytes of a JSON body, where a route names no bound of its own. */
const LARGEST_JSON = 2 ** 20;

/** Whether the request says that its body is JSON; `body` bounds the size of these. */
export const isJson = (request: Request): boolean =>
  /^application\/json\b/i.test(request.headers.get('content-type') ?? '');

/** Reads the body. @throws Refusal (413) when it has more than `most` bytes */
async function textOf(request: Request, most: number): Promise<string> {
  const refusal = (): Refusal =>
    new Refusal(
      413,
      `The request is larger than ${Math.floor(most / 2 ** 20)} MB, the most that this address takes.`,
    );
  if (Number(request.headers.get('content-length') ?? 0) > most) throw refusal();
  if (!request.body) return '';
  const pieces: Uint8Array[] = [];
  let size = 0;
  // Not `for await`: it would cancel the body, which cuts the connection before the client has the answer.
  const reader = (request.body as ReadableStream<Uint8Array>).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > most) throw refusal();
    pieces.push(value);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function check<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  part: string,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const where =
    issue.path.length > 0 ? `“${issue.path.map(String).join('.').slice(0, 100)}” in ` : '';
  const what = issue.message.charAt(0).toLowerCase() + issue.message.slice(1);
  throw new Refusal(400, `Check ${where}the ${part}: ${what}.`);
}

/**
 * Reads the query of the address. If a name is repeated, its last value counts.
 * @throws Refusal (400) when the query does not fit the schema
 */
export function query<Schema extends z.ZodType>(c: Context, schema: Schema): z.output<Schema> {
  return check(schema, Object.fromEntries(new URL(c.req.url).searchParams), 'query');
}

/**
 * Reads the JSON body. The request must have the content type of JSON, which a form on another site
 * cannot send.
 * @param most the most bytes of the body
 * @throws Refusal (415) for another content type; Refusal (413) when the body is too large; Refusal (400)
 *   when the body is not JSON or does not fit the schema
 */
export async function body<Schema extends z.ZodType>(
  c: Context,
  schema: Schema,
  most = LARGEST_JSON,
): Promise<z.output<Schema>> {
  if (!isJson(c.req.raw)) {
    throw new Refusal(415, 'Send JSON, with the content type application/json.');
  }
  let value: unknown;
  try {
    value = JSON.parse(await textOf(c.req.raw, most));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new Refusal(400, 'The body is not JSON.');
  }
  return check(schema, value, 'body');
}

/** Reads a named part of the path, decoded. @throws Refusal (400) when it does not fit the schema */
export function param<Schema extends z.ZodType>(
  c: Context,
  name: string,
  schema: Schema,
): z.output<Schema> {
  return check(schema, c.req.param(name) ?? '', 'address');
}
