/** Makes the three parts of the work on a case (`OpenCase`, `Editor`, `Saving`) and connects them. */
import type { Client } from '../../audit/contract/client.ts';
import { client as server } from '../shared/api.ts';
import { notices } from '../shared/notices.svelte.ts';
import { Editor } from './editor.svelte.ts';
import { OpenCase } from './open-case.svelte.ts';
import { windowPixels } from './pixels-remote.ts';
import type { LoadPixels } from './pixels.ts';
import { Saving } from './saving.svelte.ts';

export class Casework {
  readonly opened: OpenCase;
  readonly editor: Editor;
  readonly saving: Saving;

  constructor(client: Client = server, pixels: LoadPixels = windowPixels) {
    this.opened = new OpenCase(client, pixels, {
      leaving: (loaded) => {
        this.editor.drawing.cancel();
        notices.drop(({ topic }) => topic === 'unchanged' || topic === 'undo');
        if (loaded) this.saving.leave(loaded);
      },
      isBusy: (id, label) =>
        this.saving.waits(id, label.structure.name) || this.editor.drawing.draws(label),
      shown: () => this.editor.recall(),
      replaced: (id, structure) => this.editor.forget(id, structure),
    });
    this.saving = new Saving(client, this.opened, ({ id, structure }) => {
      if (this.opened.detail?.case.id === id) this.editor.drawing.cancel();
      this.editor.forget(id, structure);
    });
    this.editor = new Editor(client, this.opened, (letter) => this.saving.push(letter));
  }
}
