/**
 * The shaders of the stage, made to be fast without a graphics processor too. Each draws rectangles
 * of the image, so that the costly outlines are computed only near an outline (`blocks.ts`). Each
 * reads a single level of a texture (`showLevel`): a choice between levels would double the cost.
 * Lengths are device pixels unless image pixels are named. Colours are premultiplied by opacity.
 */

export const VERTEX = `#version 300 es
precision highp float;

/** A corner of a rectangle, in image pixels. */
in vec2 aPlace;
/** x: device pixels per image pixel; yz: the image's top left corner. */
uniform vec3 uView;
uniform vec2 uStage;
/** The place in image pixels. Without a graphics processor, passing it costs half as much as computing it. */
out vec2 vPlace;

void main() {
  vPlace = aPlace;
  vec2 screen = aPlace * uView.x + uView.yz;
  gl_Position = vec4(screen / uStage * vec2(2.0, -2.0) + vec2(-1.0, 1.0), 0.0, 1.0);
}`;

const HEAD = `#version 300 es
precision highp float;
precision highp int;
precision highp usampler2D;
precision mediump sampler2DArray;
precision mediump sampler2D;

uniform vec3 uView;
uniform vec2 uSize;
/** The fragment's place, in image pixels. */
in vec2 vPlace;
out vec4 colour;
`;

/** Shared by both image shaders. */
const SAMPLES = `${HEAD}
/** Index of the level's last column and row. */
uniform vec2 uLast;
/** Texels of the level per image pixel. */
uniform float uPart;
/** 1: bilinear; larger values show the squares of the pixels. */
uniform float uSharp;
/** The window: x · sample + y is 0 for black and 1 for white. */
uniform vec2 uWindow;

vec4 windowed(float value) {
  return vec4(vec3(clamp(value * uWindow.x + uWindow.y, 0.0, 1.0)), 1.0);
}
`;

/** An image of 8 bits through the window; the texture unit interpolates. */
const IMAGE = `${SAMPLES}
uniform highp sampler2D uImage;
/** Width and height of the level's texture, in texels. */
uniform vec2 uCells;

void main() {
  vec2 from = clamp(vPlace * uPart - 0.5, vec2(0.0), uLast);
  vec2 cell = floor(from);
  vec2 share = clamp((from - cell - 0.5) * uSharp + 0.5, 0.0, 1.0);
  vec2 place = min(cell + share, uLast) + 0.5;
  colour = windowed(texture(uImage, place / uCells).r * 255.0);
}`;

/** An image of 16 bits through the window; the shader interpolates. */
const IMAGE_16 = `${SAMPLES}
uniform usampler2D uImage;

void main() {
  vec2 from = vPlace * uPart - 0.5;
  vec2 cell = floor(from);
  vec2 share = clamp((from - cell - 0.5) * uSharp + 0.5, 0.0, 1.0);
  ivec2 last = ivec2(uLast);
  ivec2 first = clamp(ivec2(cell), ivec2(0), last);
  ivec2 second = clamp(ivec2(cell) + 1, ivec2(0), last);
  vec4 around = vec4(
    texelFetch(uImage, first, 0).r,
    texelFetch(uImage, ivec2(second.x, first.y), 0).r,
    texelFetch(uImage, ivec2(first.x, second.y), 0).r,
    texelFetch(uImage, second, 0).r);
  vec2 rows = mix(around.xz, around.yw, share.x);
  colour = windowed(mix(rows.x, rows.y, share.y));
}`;

/** The quality map: low is red, high is green and lets the image through. */
const HEAT = `${HEAD}
uniform sampler2D uQuality;

void main() {
  vec3 bad = vec3(1.0, 0.30, 0.24);
  vec3 fair = vec3(0.95, 0.72, 0.29);
  vec3 good = vec3(0.35, 0.79, 0.55);
  float value = texture(uQuality, vPlace / uSize).r;
  vec3 tint = value < 0.5 ? mix(bad, fair, value * 2.0) : mix(fair, good, value * 2.0 - 1.0);
  float opacity = mix(0.62, 0.14, value);
  colour = vec4(tint * opacity, opacity);
}`;

/** The fill of blocks that a mask covers completely. */
const FULL = `${HEAD}
uniform vec4 uFill;

void main() {
  colour = vec4(uFill.rgb * uFill.a, uFill.a);
}`;

const SHARES = `${HEAD}
uniform vec2 uPadded;
/** Image pixels per texel. */
uniform float uTexel;
uniform float uSharp;
uniform float uReach;

/**
 * How much of a place is drawn, 0 … 1. It is 0 outside of the image, so that outlines close at the border.
 */
float share(sampler2DArray planes, vec2 place, float layer) {
  vec2 from = place / uTexel - 0.5;
  vec2 cell = floor(from);
  vec2 soft = clamp((from - cell - 0.5) * uSharp + 0.5, 0.0, 1.0);
  float drawn = texture(planes, vec3((cell + 0.5 + soft) * uTexel / uPadded, layer)).r;
  vec2 border = clamp(min(place, uSize - place) * uView.x + 0.5, 0.0, 1.0);
  return drawn * border.x * border.y;
}
`;

const OUTLINE = `${SHARES}
uniform sampler2DArray uPlanes;
uniform float uLayer;

/** x: the drawn share; y: the distance to the outline, in device pixels; zw: the unit vector across it. */
vec4 outlined(vec2 place) {
  vec2 right = vec2(uReach / uView.x, 0.0);
  float middle = share(uPlanes, place, uLayer);
  vec4 near = vec4(
    share(uPlanes, place - right, uLayer), share(uPlanes, place + right, uLayer),
    share(uPlanes, place - right.yx, uLayer), share(uPlanes, place + right.yx, uLayer));
  vec2 slope = vec2(near.y - near.x, near.w - near.z) / (2.0 * uReach);
  float steep = length(slope);
  // One share is often just 0 or 1, so the mean of all five measures the distance better.
  float mean = (2.0 * middle + near.x + near.y + near.z + near.w) / 6.0;
  return steep < 0.01
    ? vec4(middle, 99.0, 1.0, 0.0)
    : vec4(middle, abs(mean - 0.5) / steep, slope / steep);
}
`;

/** Fill and outline of a label. */
const LABEL = `${OUTLINE}
uniform vec4 uFill;
/** x: opacity of the outline; y: half its width. */
uniform vec2 uLine;

void main() {
  vec4 label = outlined(vPlace);
  float fill = label.x * uFill.a;
  float line = clamp(uLine.y + 0.5 - label.y, 0.0, 1.0) * uLine.x;
  float opacity = line + (1.0 - line) * fill;
  colour = vec4(uFill.rgb * opacity, opacity);
}`;

/** The dashed outline of the model's proposal, in its structure's colour. */
const MODEL = `${OUTLINE}
uniform vec4 uFill;
uniform vec2 uLine;
uniform float uDash;

void main() {
  vec2 place = vPlace;
  vec4 model = outlined(place);
  // Dashes are measured along the axis that the outline follows more.
  float along = abs(model.z) > abs(model.w) ? place.y : place.x;
  float dash = step(fract(along * uView.x / uDash), 0.56);
  // Dark gaps between the dashes keep the outline visible on a bright image.
  float opacity = clamp(uLine.y + 0.5 - model.y, 0.0, 1.0) * uLine.x * mix(0.4, 1.0, dash);
  colour = vec4(uFill.rgb * dash * opacity, opacity);
}`;

/** Shows pixels only in the label, and pixels only in the proposal, in two colours. */
const DIFFERENCE = `${SHARES}
uniform sampler2DArray uPlanes;
uniform sampler2DArray uModels;
uniform float uLayer;
uniform float uOpacity;

void main() {
  vec2 place = vPlace;
  float more = share(uPlanes, place, uLayer) - share(uModels, place, uLayer);
  vec3 tint = more > 0.0 ? vec3(1.0, 0.50, 0.30) : vec3(0.30, 0.85, 1.0);
  float opacity = abs(more) * uOpacity;
  colour = vec4(tint * opacity, opacity);
}`;

export const FRAGMENTS = {
  image: IMAGE,
  image16: IMAGE_16,
  heat: HEAT,
  full: FULL,
  label: LABEL,
  model: MODEL,
  difference: DIFFERENCE,
} as const;

export type Shader = keyof typeof FRAGMENTS;
