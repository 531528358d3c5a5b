/** Draws rectangles of the image with one of the shaders. Keeps the compiled programs and the buffer. */
import { makeProgram } from './gl.ts';
import type { ShaderProgram } from './gl.ts';
import { FRAGMENTS, VERTEX } from './shader.ts';
import type { Shader } from './shader.ts';

/** Values of uniforms by name: a number, a list of two to four numbers, or a texture unit (`int`). */
export type UniformValues = Readonly<
  Record<string, number | readonly number[] | { readonly int: number }>
>;

/**
 * The corners of two triangles per rectangle. Instanced drawing is avoided: without a graphics processor
 * each instance costs as much as a draw call.
 */
export function triangles(rects: Float32Array): Float32Array {
  const places = new Float32Array(rects.length * 3);
  for (let i = 0, at = 0; i < rects.length; i += 4, at += 12) {
    const [left, top, right, bottom] = rects.subarray(i, i + 4);
    places.set([left, top, right, top, left, bottom, left, bottom, right, top, right, bottom], at);
  }
  return places;
}

export class Painter {
  readonly #gl: WebGL2RenderingContext;
  readonly #programs = new Map<Shader, ShaderProgram>();
  readonly #buffer: WebGLBuffer;
  readonly #shape: WebGLVertexArrayObject;

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
    this.#buffer = gl.createBuffer();
    this.#shape = gl.createVertexArray();
    gl.bindVertexArray(this.#shape);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffer);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
  }

  /** @param rects left, top, right, bottom in pixels of the image, one after the other */
  paint(shader: Shader, rects: Float32Array, values: UniformValues): void {
    if (rects.length === 0) return;
    const gl = this.#gl;
    let program = this.#programs.get(shader);
    if (!program) {
      program = makeProgram(gl, VERTEX, FRAGMENTS[shader]);
      this.#programs.set(shader, program);
    }
    gl.useProgram(program.program);
    for (const [name, value] of Object.entries(values)) this.#set(program, name, value);
    gl.bindVertexArray(this.#shape);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#buffer);
    gl.bufferData(gl.ARRAY_BUFFER, triangles(rects), gl.STREAM_DRAW);
    gl.drawArrays(gl.TRIANGLES, 0, (rects.length / 4) * 6);
  }

  dispose(): void {
    const gl = this.#gl;
    for (const { program } of this.#programs.values()) gl.deleteProgram(program);
    gl.deleteBuffer(this.#buffer);
    gl.deleteVertexArray(this.#shape);
  }

  #set({ at }: ShaderProgram, name: string, value: UniformValues[string]): void {
    const gl = this.#gl;
    const place = at[name];
    // A shader without this uniform has no location for it.
    if (!place) return;
    if (typeof value === 'number') gl.uniform1f(place, value);
    else if ('int' in value) gl.uniform1i(place, value.int);
    else if (value.length === 2) gl.uniform2fv(place, value);
    else if (value.length === 3) gl.uniform3fv(place, value);
    else gl.uniform4fv(place, value);
  }
}
