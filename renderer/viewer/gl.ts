/** Small helpers of WebGL: programs, textures and uploads. */
type Uniforms = Readonly<Record<string, WebGLUniformLocation | null>>;

export interface ShaderProgram {
  readonly program: WebGLProgram;
  /** Location of a uniform by its name; of an array by the name without brackets. */
  readonly at: Uniforms;
}

/** @throws Error with the message of the shader's compiler or linker */
export function makeProgram(
  gl: WebGL2RenderingContext,
  vertex: string,
  fragment: string,
): ShaderProgram {
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
  gl.bindAttribLocation(program, 0, 'aPlace');
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

/** Sets how many samples apart the rows of the next uploads begin; 0: rows follow each other directly. */
export function unpackRows(gl: WebGL2RenderingContext, length: number): void {
  gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
  gl.pixelStorei(gl.UNPACK_ROW_LENGTH, length);
}

export function clampTo(gl: WebGL2RenderingContext, target: number): void {
  gl.texParameteri(target, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(target, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
}

/** Makes shaders read only this level of the bound texture, however large the texture is drawn. */
export function showLevel(gl: WebGL2RenderingContext, target: number, level: number): void {
  gl.texParameteri(target, gl.TEXTURE_BASE_LEVEL, level);
  gl.texParameteri(target, gl.TEXTURE_MAX_LEVEL, level);
}
