/** A new project whose dataset was looked at: what the start screen's parts show. */
import { vi } from 'vitest';
import type { ImportPreview } from '../../../audit/contract/api.ts';
import { client } from '../../../renderer/shared/api.ts';
import { NewProject } from '../../../renderer/start/newproject.svelte.ts';

/** `count` images of lung and heart; each second one has no heart. */
export function previewOf(count: number, change: Partial<ImportPreview> = {}): ImportPreview {
  const structure = { folder: '/data/masks', coded: null, labels: count };
  return {
    format: 'folders',
    because: null,
    root: '/data',
    structures: [
      { ...structure, name: 'lung', colour: '#56b4e9' },
      { ...structure, name: 'heart', colour: '#e69f00' },
    ],
    images: '/data/images',
    place: { folder: '/data/chest.overread', problem: null, known: false },
    total: count,
    splits: false,
    annotators: false,
    cases: Array.from({ length: count }, (_, index) => ({
      id: `c${index + 1}`,
      image: `/data/images/c${index + 1}.png`,
      split: null,
      annotator: null,
      labels: [],
      absent: index % 2 === 1 ? ['heart'] : [],
    })),
    notices: [],
    ...change,
  };
}

/** Looks at a dataset that is not there: the server's answer is given. */
export async function draftOf(preview: ImportPreview): Promise<NewProject> {
  vi.spyOn(client, 'previewImport').mockImplementation(({ offset = 0, limit = 500 }) =>
    Promise.resolve({ ...preview, cases: preview.cases.slice(offset, offset + limit) }),
  );
  const draft = new NewProject();
  draft.source = '/data';
  await draft.look();
  return draft;
}
