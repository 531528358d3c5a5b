/**
 * The part of ONNX's protobuf schema that our files use. The field numbers are those of onnx.proto3 (Open
 * Neural Network Exchange). protobufjs encodes and decodes the files.
 */
import protobuf from 'protobufjs';

const SCHEMA = `
syntax = "proto3";
message ModelProto {
  int64 ir_version = 1;
  repeated OperatorSetIdProto opset_import = 8;
  string producer_name = 2;
  string producer_version = 3;
  string domain = 4;
  int64 model_version = 5;
  string doc_string = 6;
  GraphProto graph = 7;
  repeated StringStringEntryProto metadata_props = 14;
  repeated Foreign training_info = 20;
  repeated Foreign functions = 25;
}
// What a network of Overread never has, see bounds.ts.
message Foreign {}
message OperatorSetIdProto { string domain = 1; int64 version = 2; }
message StringStringEntryProto { string key = 1; string value = 2; }
message GraphProto {
  repeated NodeProto node = 1;
  string name = 2;
  repeated TensorProto initializer = 5;
  repeated ValueInfoProto input = 11;
  repeated ValueInfoProto output = 12;
  repeated Foreign sparse_initializer = 15;
}
message NodeProto {
  repeated string input = 1;
  repeated string output = 2;
  string name = 3;
  string op_type = 4;
  repeated AttributeProto attribute = 5;
}
message AttributeProto {
  string name = 1;
  float f = 2;
  int64 i = 3;
  bytes s = 4;
  Foreign g = 6;
  repeated int64 ints = 8;
  repeated Foreign graphs = 11;
  int32 type = 20;
}
message TensorProto {
  repeated int64 dims = 1;
  int32 data_type = 2;
  string name = 8;
  bytes raw_data = 9;
  repeated StringStringEntryProto external_data = 13;
  int32 data_location = 14;
}
message ValueInfoProto { string name = 1; TypeProto type = 2; }
message TypeProto {
  message Tensor { int32 elem_type = 1; TensorShapeProto shape = 2; }
  Tensor tensor_type = 1;
}
message TensorShapeProto {
  message Dimension { int64 dim_value = 1; string dim_param = 2; }
  repeated Dimension dim = 1;
}
`;

const root = protobuf.parse(SCHEMA, { keepCase: true }).root;
const ModelProto = root.lookupType('ModelProto');

/** The numbers that ONNX gives to the types of an attribute. */
export const ATTRIBUTE = { float: 1, int: 2, string: 3, ints: 7 } as const;

/** ONNX's number for float32. */
export const FLOAT = 1;

export interface Attribute {
  readonly name: string;
  readonly type: number;
  readonly f?: number;
  readonly i?: number;
  readonly s?: Uint8Array;
  readonly ints?: readonly number[];
}

export interface Node {
  readonly op_type: string;
  readonly name: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute: readonly Attribute[];
}

export interface Initializer {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data_type: number;
  readonly raw_data: Uint8Array;
}

export interface ValueInfo {
  readonly name: string;
  readonly type: {
    readonly tensor_type: {
      readonly elem_type: number;
      readonly shape: {
        readonly dim: readonly ({ dim_value: number } | { dim_param: string })[];
      };
    };
  };
}

export interface Model {
  readonly ir_version: number;
  readonly opset_import: readonly { domain: string; version: number }[];
  readonly producer_name: string;
  readonly graph: {
    readonly name: string;
    readonly node: readonly Node[];
    readonly initializer: readonly Initializer[];
    readonly input: readonly ValueInfo[];
    readonly output: readonly ValueInfo[];
  };
  readonly metadata_props: readonly { key: string; value: string }[];
}

/** The file's bytes. @throws Error when a field has the wrong type. */
export function encodeModel(model: Model): Uint8Array {
  const problem = ModelProto.verify(model);
  if (problem) throw new Error(`the ONNX model cannot be written: ${problem}`);
  return ModelProto.encode(ModelProto.create(model)).finish();
}

/** An ONNX file as it is, of unknown origin: any part may be missing. @throws Error when the bytes are not an ONNX file. */
export function decodeModel(bytes: Uint8Array): Partial<Model> {
  if (countGraphs(bytes) > 1) throw new Error('it holds two graphs');
  return ModelProto.decode(bytes) as unknown as Partial<Model>;
}

/** ONNX Runtime joins a field that is given twice, and protobufjs keeps the last: nobody would check the first. */
function countGraphs(bytes: Uint8Array): number {
  const reader = protobuf.Reader.create(bytes);
  let count = 0;
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag >>> 3 === 7) count += 1;
    reader.skipType(tag & 7);
  }
  return count;
}
