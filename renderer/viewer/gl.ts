/** Small helpers of WebGL: programs, textures, and uploads of rectangles. */
import type { Rect } from '../tools/types.ts';

type Uniforms = Readonly<Record<string, WebGLUniformLocation | null>>;

export interface Program {
  readonly program: WebGLProgram;
  /** Location of a uniform by its name; of an array by the name without brackets. */
  readonly at: Uniforms;
}

/** @throws Error with the compiler's words */
export function makeProgram(gl: WebGL2RenderingContext, vertex: string, fragment: string): Program {
  const program = gl.createProgram();
  for (const [kind, source] of [
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ] as const) {
    const shader = gl.createShader(kind);
    if (!shader) throw new Error('the graphics context is lost');
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
    gl.deleteShader(shader);
    if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS) && !gl.isContextLost()) {
      throw new Error(gl.getShaderInfoLog(shader) ?? 'the shader does not compile');
    }
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
    throw new Error(gl.getProgramInfoLog(program) ?? 'the program does not link');
  }
  const at: Record<string, WebGLUniformLocation | null> = {};
  const count = Number(gl.getProgramParameter(program, gl.ACTIVE_UNIFORMS) ?? 0);
  for (let i = 0; i < count; i += 1) {
    const name = gl.getActiveUniform(program, i)?.name.replace(/\[0\]$/, '');
    if (name !== undefined) at[name] = gl.getUniformLocation(program, name);
  }
  return { program, at };
}

/** Says where in a larger array the rectangle that is uploaded next lies. */
export function unpackFrom(gl: WebGL2RenderingContext, width: number, rect: Rect): void {
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  gl.pixelStorei(gl.UNPACK_ROW_LENGTH, width);
  gl.pixelStorei(gl.UNPACK_SKIP_PIXELS, rect.x);
  gl.pixelStorei(gl.UNPACK_SKIP_ROWS, rect.y);
}

export function clampTo(gl: WebGL2RenderingContext, target: number): void {
  gl.texParameteri(target, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(target, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
}
