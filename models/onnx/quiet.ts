/**
 * Forbids ONNX Runtime's telemetry; this file must be imported before the library. Since version 1.29,
 * official builds report their use to their makers, unless this variable is set when they are loaded. The
 * library does not see a worker thread's copy of the environment: the thread that starts scoring workers
 * must import this file, too.
 */
process.env.ORT_DISABLE_TELEMETRY = '1';
