/**
 * Loaded before ONNX Runtime: since 1.29 its official builds report what they run to their makers
 * unless this variable is set when the library is loaded, and nothing may be sent from here. A worker
 * thread only has a copy of the environment, which the library does not see: who starts one that
 * scores loads this file, too.
 */
process.env.ORT_DISABLE_TELEMETRY = '1';
