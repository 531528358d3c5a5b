/** A new project whose dataset was looked at, for tests of the start screen's parts. */
import { vi } from 'vitest';
import type { ImportPreview } from '../../../audit/contract/api.ts';
import { client } from '../../../renderer/shared/api.ts';
import { NewProject } from '../../../renderer/start/newproject.svelte.ts';

/** The preview of a dataset of `count` images of lung and heart; every second one has no heart. */
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

/**
 * Makes a new project that was looked at. There is no dataset: `preview` is the server's answer.
 */
export async function draftOf(preview: ImportPreview): Promise<NewProject> {
  vi.spyOn(client, 'previewImport').mockImplementation(({ offset = 0, limit = 500 }) =>
    Promise.resolve({ ...preview, cases: preview.cases.slice(offset, offset + limit) }),
  );
  const draft = new NewProject();
  draft.source = '/data';
  await draft.look();
  return draft;
}
