/**
 * The one shader of the stage: the image through its window, then quality, labels, difference and
 * proposal over it. Lengths are device pixels unless they are said to be the image's.
 */

/** Structures that can be on the stage at once. */
export const MOST_LABELS = 32;

export const VERTEX = `#version 300 es
void main() {
  // One triangle that covers the stage.
  gl_Position = vec4(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0, 0.0, 1.0);
}`;

export const FRAGMENT = `#version 300 es
precision highp float;
precision highp int;
precision highp usampler2D;
precision mediump sampler2DArray;
precision mediump sampler2D;

uniform float uHeight;
uniform vec3 uBackground;
/** Device pixels an image pixel, and where the image's corner is. */
uniform vec3 uView;
uniform vec2 uSize;

uniform usampler2D uImage;
uniform int uImageLevel;
uniform vec2 uImageLevelSize;
uniform float uImageSharp;
/** Black, white, and whether the other way round. */
uniform vec3 uWindow;

uniform sampler2DArray uLabels;
uniform sampler2DArray uModels;
uniform vec2 uPadded;
uniform float uLod;
/** Level that says whether a surrounding is empty or full, negative: do not ask. */
uniform float uCoarse;
uniform float uSharp;
uniform float uReach;
uniform int uCount;
/** Red, green, blue, and how opaque the fill is; negative: nobody drew the label. */
uniform vec4 uColour[${MOST_LABELS}];
/** How opaque the outline is, half its width, how opaque the model's is, and whether there is one. */
uniform vec4 uLine[${MOST_LABELS}];
/** How opaque the difference is. */
uniform float uDifference;
uniform float uDensity;

uniform sampler2D uQuality;
uniform float uQualityOpacity;

out vec4 colour;

float sampleAt(ivec2 at) {
  ivec2 inside = clamp(at, ivec2(0), ivec2(uImageLevelSize) - 1);
  return float(texelFetch(uImage, inside, uImageLevel).r);
}

float imageAt(vec2 at) {
  vec2 place = at / exp2(float(uImageLevel));
  // Cells are centred on samples here: the mean runs from one sample to the next.
  vec2 from = place - 0.5;
  vec2 cell = floor(from);
  vec2 share = clamp((from - cell - 0.5) * uImageSharp + 0.5, 0.0, 1.0);
  ivec2 corner = ivec2(cell);
  float upper = mix(sampleAt(corner), sampleAt(corner + ivec2(1, 0)), share.x);
  float lower = mix(sampleAt(corner + ivec2(0, 1)), sampleAt(corner + ivec2(1, 1)), share.x);
  return mix(upper, lower, share.y);
}

float share(sampler2DArray planes, vec2 at, float layer) {
  float texel = exp2(uLod);
  // Between texels a share runs from one to the next; large pixels have steep sides.
  vec2 from = at / texel - 0.5;
  vec2 cell = floor(from);
  vec2 soft = clamp((from - cell - 0.5) * uSharp + 0.5, 0.0, 1.0);
  vec2 place = (cell + 0.5 + soft) * texel / uPadded;
  return textureLod(planes, vec3(place, layer), uLod).r;
}

/** Nothing is drawn outside of the image: an outline closes at its border. */
float closed(sampler2DArray planes, vec2 at, float layer) {
  vec2 border = clamp(min(at, uSize - at) * uView.x + 0.5, 0.0, 1.0);
  return share(planes, at, layer) * border.x * border.y;
}

/** 0 or 1 where the surrounding is all outside or all inside, 0.5 where one has to look. */
float surrounding(sampler2DArray planes, vec2 at, float layer) {
  if (uCoarse < 0.0) return 0.5;
  float all = textureLod(planes, vec3(at / uPadded, layer), uCoarse).r;
  if (all < 0.001) return 0.0;
  vec2 border = min(at, uSize - at) * uView.x;
  return all > 0.999 && min(border.x, border.y) > uReach ? 1.0 : 0.5;
}

/** Share at the point, and the signed distance to the outline in device pixels with its slope. */
vec4 outlined(sampler2DArray planes, vec2 at, float layer, float reach) {
  float around = surrounding(planes, at, layer);
  if (around != 0.5) return vec4(around, around > 0.5 ? 99.0 : -99.0, 1.0, 0.0);
  vec2 right = vec2(reach / uView.x, 0.0);
  vec2 down = right.yx;
  float here = closed(planes, at, layer);
  vec4 near = vec4(
    closed(planes, at - right, layer), closed(planes, at + right, layer),
    closed(planes, at - down, layer), closed(planes, at + down, layer));
  vec2 slope = vec2(near.y - near.x, near.w - near.z) / (2.0 * reach);
  float steep = length(slope);
  if (steep < 0.01) return vec4(here, here > 0.5 ? 99.0 : -99.0, 1.0, 0.0);
  // The mean over the cross is a straighter measure than one point of a share that saturates.
  float mean = (2.0 * here + near.x + near.y + near.z + near.w) / 6.0;
  return vec4(here, (mean - 0.5) / steep, slope / steep);
}

float line(float distance, float halfWidth) {
  return clamp(halfWidth + 0.5 - abs(distance), 0.0, 1.0);
}

/** Puts a colour on what is there, both weighted by how opaque they are. */
vec4 put(vec4 under, vec3 tint, float opacity) {
  return under * (1.0 - opacity) + vec4(tint, 1.0) * opacity;
}

/** Low quality is red, high is green and lets the image through. */
vec4 heat(float value) {
  vec3 bad = vec3(1.0, 0.30, 0.24);
  vec3 fair = vec3(0.95, 0.72, 0.29);
  vec3 good = vec3(0.35, 0.79, 0.55);
  vec3 tint = value < 0.5 ? mix(bad, fair, value * 2.0) : mix(fair, good, value * 2.0 - 1.0);
  return vec4(tint, mix(0.62, 0.14, value));
}

void main() {
  vec2 screen = vec2(gl_FragCoord.x, uHeight - gl_FragCoord.y);
  vec2 at = (screen - uView.yz) / uView.x;
  colour = vec4(uBackground, 1.0);
  if (at.x < 0.0 || at.y < 0.0 || at.x > uSize.x || at.y > uSize.y) return;

  float value = clamp((imageAt(at) - uWindow.x) / (uWindow.y - uWindow.x), 0.0, 1.0);
  vec3 base = vec3(mix(value, 1.0 - value, uWindow.z));

  if (uQualityOpacity > 0.0) {
    vec4 tint = heat(texture(uQuality, at / uSize).r);
    base = mix(base, tint.rgb, tint.a * uQualityOpacity);
  }

  vec4 lines = vec4(0.0);
  for (int i = 0; i < uCount; i += 1) {
    vec4 look = uColour[i];
    vec4 stroke = uLine[i];
    float layer = float(i);
    float drawn = 0.0;
    if (look.a >= 0.0 && (look.a + stroke.x > 0.0 || uDifference > 0.0)) {
      vec4 label = outlined(uLabels, at, layer, uReach);
      drawn = label.x;
      base = mix(base, look.rgb, drawn * look.a);
      float opacity = line(label.y, stroke.y) * stroke.x;
      lines = put(lines, look.rgb, opacity);
    }
    if (stroke.w > 0.0) {
      vec4 model = outlined(uModels, at, layer, uReach);
      if (uDifference > 0.0) {
        base = mix(base, vec3(1.0, 0.50, 0.30), max(0.0, drawn - model.x) * uDifference);
        base = mix(base, vec3(0.30, 0.85, 1.0), max(0.0, model.x - drawn) * uDifference);
      }
      // Dashes go along the outline, by whichever axis it follows more.
      float along = abs(model.z) > abs(model.w) ? at.y : at.x;
      float dash = step(fract(along * uView.x / (9.0 * uDensity)), 0.56);
      // Dark gaps, so that it is seen on bright ground, too.
      float opacity = line(model.y, max(0.65 * uDensity, stroke.y * 0.8)) * stroke.z * mix(0.4, 1.0, dash);
      lines = put(lines, vec3(0.97 * dash), opacity);
    }
  }
  colour = vec4(base * (1.0 - lines.a) + lines.rgb, 1.0);
}`;
