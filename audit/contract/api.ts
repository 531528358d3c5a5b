/**
 * Schemas of all requests and responses of the server. The server checks requests with them, the client
 * (`client.ts`) checks responses. Pure: only zod, so a browser can load it.
 *
 * Schemas of queries convert text to other types, because a query is text. Schemas of bodies and
 * responses convert nothing.
 */
export { BackendName, EpochMetrics, PRESETS, TrainConfig } from '../../trainer/messages.ts';
export * from './routes/common.ts';
export * from './benchmark.ts';
export * from './routes/project.ts';
export * from './routes/cases.ts';
export * from './routes/click.ts';
export * from './routes/labels.ts';
export * from './routes/left.ts';
export * from './routes/ranked.ts';
export * from './routes/runs.ts';
export * from './routes/training.ts';
export * from './routes/start.ts';
export * from './routes/structures.ts';
