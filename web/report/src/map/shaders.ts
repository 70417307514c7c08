// Position from two 16-bit arrays, look from a texture of 1 pixel a class: row 0 colour, row 1 shape.
export const VERTEX = `#version 300 es
layout(location = 0) in float a_x;
layout(location = 1) in float a_y;
layout(location = 2) in uint a_label;
uniform vec4 u_transform;
uniform vec2 u_half;
uniform float u_size;
uniform float u_opacity;
uniform sampler2D u_styles;
flat out vec4 v_colour;
flat out int v_shape;
void main() {
  vec4 colour = texelFetch(u_styles, ivec2(int(a_label), 0), 0);
  v_shape = int(texelFetch(u_styles, ivec2(int(a_label), 1), 0).r * 255.0 + 0.5);
  v_colour = vec4(colour.rgb, colour.a * u_opacity);
  vec2 pixel = vec2(a_x, a_y) * u_transform.xz + u_transform.yw;
  gl_Position = colour.a == 0.0 ? vec4(2.0, 2.0, 2.0, 1.0) : vec4(pixel.x / u_half.x - 1.0, 1.0 - pixel.y / u_half.y, 0.0, 1.0);
  gl_PointSize = u_size;
}`;

// Shapes as distances from their edge, in the point's own box of -1 to 1; smoothed over one pixel.
export const FRAGMENT = `#version 300 es
precision highp float;
flat in vec4 v_colour;
flat in int v_shape;
uniform float u_size;
out vec4 colour;
float edge(vec2 p) {
  vec2 a = abs(p);
  if (v_shape == 1) return max(a.x, a.y) - 0.72;
  if (v_shape == 2) return max(a.x * 0.88 - p.y * 0.5, p.y) - 0.62;
  if (v_shape == 3) return a.x * 1.15 + a.y - 0.95;
  if (v_shape == 4) return max(min(a.x, a.y) - 0.3, max(a.x, a.y) - 0.88);
  if (v_shape == 5) return abs(length(p) - 0.64) - 0.24;
  return length(p) - 0.86;
}
void main() {
  float d = u_size < 5.0 ? length(gl_PointCoord * 2.0 - 1.0) - 0.86 : edge(gl_PointCoord * 2.0 - 1.0);
  float alpha = v_colour.a * clamp(0.5 - d * u_size * 0.5, 0.0, 1.0);
  if (alpha <= 0.0) discard;
  colour = vec4(v_colour.rgb * alpha, alpha);
}`;
