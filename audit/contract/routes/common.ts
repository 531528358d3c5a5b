/** Schemas that all routes share: errors, paths, authors, long tasks. */
import { z } from 'zod';
import { ErrorCode } from '../errors.ts';
import { Progress } from '../terms.ts';

/** The body of every response that is not 2xx. */
export const ApiError = z.object({
  /** One sentence: what is wrong and what to do. */
  error: z.string(),
  code: ErrorCode,
});
export type ApiError = z.infer<typeof ApiError>;

/** The body of an answer that says only that the request was carried out. */
export const Nothing = z.object({});

/** A path on the machine that the server runs on. */
export const FilePath = z
  .string()
  .min(1)
  .max(4096)
  .refine((path) => !path.includes('\0'), 'holds a zero byte');

/** A person's name in revisions, verdicts and the audit log. */
export const Author = z.string().trim().min(1).max(200);

export const TaskKind = z.enum([
  'look',
  'import',
  'train',
  'score',
  'export',
  'report',
  'pack',
  'unpack',
  'unpack-dataset',
  'verify',
  'setup',
  'doctor',
  'demo',
]);
export type TaskKind = z.infer<typeof TaskKind>;

/** A long task. A route starts it, events report its progress, and a request with its id cancels it. */
export const Task = z.object({
  /** A UUID. */
  id: z.string(),
  kind: TaskKind,
  /** The task in a few words for a person, for example `Set up tensorflow`. */
  title: z.string(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  /** The newest report of progress, or null before the first. */
  progress: Progress.nullable(),
  /** ISO 8601, UTC. */
  startedAt: z.string(),
  /** ISO 8601, UTC, or null while the task runs. */
  endedAt: z.string().nullable(),
  /** One sentence that says why the task failed, or null if it did not fail. */
  error: z.string().nullable(),
  /** The kind of the error, or null if the task did not fail. */
  code: ErrorCode.nullable(),
  /** The result, in the schema `…Result` of the task's kind, or null if `state` is not `done`. */
  result: z.unknown(),
});
export type Task = z.infer<typeof Task>;

/** Newest first. */
export const TaskList = z.object({ tasks: z.array(Task) });
