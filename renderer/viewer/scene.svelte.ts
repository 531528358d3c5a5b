/** The scene of the case on the stage. Reads everything that is shown: changes make another scene. */
import type { Casework } from '../case/casework.svelte.ts';
import { colourOf } from './scene.ts';
import type { Colour, Scene } from './scene.ts';

/** Null while there is no image. */
export function sceneOf(work: Casework, background: Colour): Scene | null {
  const image = work.imageLevels;
  if (!image) return null;
  const { labels: shown, proposal, difference, quality, previous } = work.layers;
  return {
    image,
    labels: work.labels.map((label, i) => ({
      plane: (previous && label.older) || label.plane,
      model: label.model,
      colour: colourOf(label.structure.colour),
      // Where they differ is the fill; the label's own would hide it.
      fill: shown && label.visible && !difference ? label.fill : 0,
      outline: shown && label.visible ? label.outline : 0,
      modelled: label.visible && (proposal || difference),
      active: i === work.active,
    })),
    quality: quality ? work.quality : null,
    difference,
    proposal,
    view: work.view,
    window: work.window,
    background,
    density: work.stage.density,
  };
}
