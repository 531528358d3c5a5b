/**
 * Forbids ONNX Runtime's telemetry; this file must be imported before the library. Since version 1.29,
 * official builds of ONNX Runtime report their use to their makers, unless this variable is set when the
 * library is loaded. The library sees only the process's environment, and a worker thread has a copy of it:
 * the thread that starts scoring workers must import this file, too.
 */
process.env.ORT_DISABLE_TELEMETRY = '1';
