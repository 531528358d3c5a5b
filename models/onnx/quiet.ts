/**
 * Forbids ONNX Runtime's telemetry; import it before the library. Since 1.29 its official builds report
 * their use to their makers, unless this variable is set when they are loaded. The library does not see
 * a worker thread's copy of the environment: a thread that starts scoring workers imports this file, too.
 */
process.env.ORT_DISABLE_TELEMETRY = '1';
