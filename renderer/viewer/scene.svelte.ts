/** Makes the scene of the case on the stage. It reads reactive state, so any change makes a new scene. */
import type { OpenCase } from '../case/open-case.svelte.ts';
import { colourOf } from './scene.ts';
import type { Colour, Scene } from './scene.ts';

/** The scene; null while there is no image. */
export function sceneOf(opened: OpenCase, background: Colour): Scene | null {
  const { look } = opened;
  if (!look) return null;
  const { labels: shown, proposal, difference, quality, previous } = opened.layers;
  return {
    image: look.image,
    labels: opened.labels.map((label, i) => ({
      plane: (previous && label.older) || label.plane,
      model: label.model,
      colour: colourOf(label.structure.colour),
      // The difference layer has its own fill; the label's would hide it.
      fill: shown && label.visible && !difference ? label.fill : 0,
      outline: shown && label.visible ? label.outline : 0,
      modelled: shown && label.visible && (proposal || difference),
      active: i === opened.active,
    })),
    quality: quality ? opened.quality : null,
    difference,
    proposal,
    view: opened.stage.view,
    window: look.window,
    background,
    density: opened.stage.density,
  };
}
