/** What all routes share: errors, paths, people, long tasks. */
import { z } from 'zod';
import { ErrorCode } from '../errors.ts';
import { Progress } from '../terms.ts';

/** Every response that is not 2xx: a sentence that says what is wrong and what to do, and its kind. */
export const ApiError = z.object({ error: z.string(), code: ErrorCode });
export type ApiError = z.infer<typeof ApiError>;

export const Nothing = z.object({});

/** A path on the machine the server runs on. */
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
  'verify',
  'setup',
  'doctor',
  'demo',
]);
export type TaskKind = z.infer<typeof TaskKind>;

/** A long task: started by a route, watched through events, cancelled by its id. */
export const Task = z.object({
  id: z.string(),
  kind: TaskKind,
  /** What it does, for a person. */
  title: z.string(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  progress: Progress.nullable(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  /** One sentence when it failed. */
  error: z.string().nullable(),
  /** The kind of the error. */
  code: ErrorCode.nullable(),
  /** What it ended with: depends on the kind. */
  result: z.unknown(),
});
export type Task = z.infer<typeof Task>;

export const TaskList = z.object({ tasks: z.array(Task) });
