"""Checks an ONNX file with the official checker, runs it, prints its outputs as JSON."""
import json
import sys

import numpy
import onnx
import onnxruntime

path, input_file, shape = sys.argv[1:]
onnx.checker.check_model(onnx.load(path), full_check=True)
options = onnxruntime.SessionOptions()
options.log_severity_level = 3
session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
values = numpy.fromfile(input_file, dtype="<f4").reshape(json.loads(shape))
outputs = session.run(None, {session.get_inputs()[0].name: values})
names = [output.name for output in session.get_outputs()]
print(json.dumps({name: output.ravel().tolist() for name, output in zip(names, outputs)}))
