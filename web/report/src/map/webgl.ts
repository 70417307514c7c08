// WebGL 2. A frame is drawn in slices of the points, each as long as about 30 ms of the graphics processor allow, so a
// million points never stop the page, not even in a software renderer: while the map moves the first slice alone is seen.
// The rows of a dataset lie in the order of a hash, so a slice is an even sample.
import { type Frame, fitCanvas, type Points, type Renderer } from "./renderer";
import { FRAGMENT, VERTEX } from "./shaders";

const TARGET_MS = 30;
const FIRST_SLICE = 40_000;
const UNIFORMS = ["u_transform", "u_half", "u_size", "u_opacity", "u_styles"] as const;

function compile(gl: WebGL2RenderingContext): WebGLProgram {
  const program = gl.createProgram() as WebGLProgram;
  for (const [type, source] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]] as const) {
    const shader = gl.createShader(type) as WebGLShader;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program) ?? "shader");
  return program;
}

export class WebGlRenderer implements Renderer {
  onDone = (): void => {};
  drawn = 0;
  private slice = FIRST_SLICE;
  private next = 0;
  private ticket = 0;
  private ratio = 1;
  private points?: Points;
  private readonly uniforms: Record<string, WebGLUniformLocation | null> = {};
  private readonly buffers: WebGLBuffer[];

  private constructor(private readonly canvas: HTMLCanvasElement, private readonly gl: WebGL2RenderingContext) {
    const program = compile(gl);
    for (const name of UNIFORMS) this.uniforms[name] = gl.getUniformLocation(program, name);
    this.buffers = [0, 1, 2].map(() => gl.createBuffer() as WebGLBuffer);
    gl.useProgram(program);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
  }

  /** Nothing where the browser has no WebGL 2, or one that does not take the shaders. */
  static create(canvas: HTMLCanvasElement): WebGlRenderer | null {
    const gl = canvas.getContext("webgl2", { antialias: false, depth: false, preserveDrawingBuffer: true });
    if (!gl) return null;
    try {
      return new WebGlRenderer(canvas, gl);
    } catch (error) {
      console.warn("WebGL:", error);
      return null;
    }
  }

  setPoints(points: Points): void {
    const { gl } = this;
    const arrays = [points.xs, points.ys, points.labels];
    this.drawn = points.count;
    arrays.forEach((array, location) => {
      gl.bindBuffer(gl.ARRAY_BUFFER, this.buffers[location]);
      if (this.points && array === [this.points.xs, this.points.ys, this.points.labels][location]) return;
      gl.bufferData(gl.ARRAY_BUFFER, array, gl.STATIC_DRAW);
      gl.enableVertexAttribArray(location);
      if (location < 2) gl.vertexAttribPointer(location, 1, gl.UNSIGNED_SHORT, false, 0, 0);
      else gl.vertexAttribIPointer(location, 1, array.BYTES_PER_ELEMENT === 1 ? gl.UNSIGNED_BYTE : gl.UNSIGNED_SHORT, 0, 0);
    });
    this.points = points;
  }

  draw(frame: Frame): void {
    const { gl, uniforms } = this;
    this.ratio = fitCanvas(this.canvas, frame.width, frame.height);
    gl.viewport(0, 0, this.canvas.width, this.canvas.height);
    const { ax, bx, ay, by } = frame.transform;
    gl.uniform4f(uniforms.u_transform, ax, bx, ay, by);
    gl.uniform2f(uniforms.u_half, frame.width / 2, frame.height / 2);
    gl.uniform1f(uniforms.u_size, frame.size * this.ratio);
    gl.uniform1f(uniforms.u_opacity, frame.opacity);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, frame.classes, 2, 0, gl.RGBA, gl.UNSIGNED_BYTE, frame.styles);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    this.next = 0;
    this.drawSlice(++this.ticket);
  }

  private drawSlice(ticket: number): void {
    if (ticket !== this.ticket || !this.points) return;
    const { gl } = this;
    const count = Math.min(this.slice, this.points.count - this.next);
    gl.drawArrays(gl.POINTS, this.next, count);
    this.next += count;
    const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0) as WebGLSync;
    gl.flush();
    this.waitFor(fence, ticket, count, performance.now());
  }

  private waitFor(fence: WebGLSync, ticket: number, count: number, start: number): void {
    requestAnimationFrame(() => {
      const { gl } = this;
      const ready = gl.getSyncParameter(fence, gl.SYNC_STATUS) === gl.SIGNALED || gl.isContextLost();
      if (!ready) return this.waitFor(fence, ticket, count, start);
      gl.deleteSync(fence);
      if (count === this.slice) {
        const pace = TARGET_MS / Math.max(1, performance.now() - start);
        this.slice = Math.round(Math.min(2e6, Math.max(5000, this.slice * Math.min(4, Math.max(0.5, pace)))));
      }
      if (ticket !== this.ticket) return;
      if (this.next < (this.points?.count ?? 0)) this.drawSlice(ticket);
      else this.onDone();
    });
  }

  destroy(): void {
    this.ticket++;
    this.gl.getExtension("WEBGL_lose_context")?.loseContext();
  }
}
