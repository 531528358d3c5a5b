/**
 * What every route of the server takes and gives, as schemas. The server validates requests with
 * them, the client (`client.ts`) responses. Pure: zod alone, so a browser can load it.
 *
 * Query schemas coerce (a query is text); body and response schemas do not.
 */
export {
  BACKEND_ORDER,
  BackendName,
  CollapseReport,
  EpochMetrics,
  PRESETS,
  TrainConfig,
} from '../../trainer/messages.ts';
export * from './routes/common.ts';
export * from './benchmark.ts';
export * from './routes/project.ts';
export * from './routes/cases.ts';
export * from './routes/labels.ts';
export * from './routes/left.ts';
export * from './routes/runs.ts';
export * from './routes/training.ts';
export * from './routes/start.ts';
