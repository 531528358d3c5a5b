/** Reads and checks the input of requests. */
import type { Context } from 'hono';
import type { z } from 'zod';
import { Refusal } from './respond.ts';

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
 * @throws Refusal (415) for another content type; Refusal (400) when the body is not JSON or does not
 *   fit the schema
 */
export async function body<Schema extends z.ZodType>(
  c: Context,
  schema: Schema,
): Promise<z.output<Schema>> {
  const type = c.req.header('content-type') ?? '';
  if (!/^application\/json\b/i.test(type)) {
    throw new Refusal(415, 'Send JSON, with the content type application/json.');
  }
  let value: unknown;
  try {
    value = JSON.parse(await c.req.text());
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
