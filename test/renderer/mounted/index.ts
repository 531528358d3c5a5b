/** Mounts components in a page of a browser, as the application's window holds them. */
import { createRawSnippet } from 'svelte';
import type { Component, Snippet } from 'svelte';
import { render } from 'vitest-browser-svelte';
import type { ProjectInfo, Task } from '../../../audit/contract/api.ts';
import { actions } from '../../../renderer/shared/actions.svelte.ts';
import AtButton from './AtButton.svelte';
import Window from './Window.svelte';

type Mountable = Component<Record<string, unknown>>;
type Properties = Record<string, unknown>;

/** Mounts a component. @returns a function that changes some of its properties */
export async function mount<Props extends object>(
  component: Component<Props>,
  props: NoInfer<Props>,
): Promise<(change: Partial<Props>) => Promise<void>> {
  const mounted = { component: component as unknown as Mountable, given: props as Properties };
  const { rerender } = await render(Window, { props: mounted });
  return (change) => rerender({ given: { ...props, ...change } as Properties });
}

/**
 * Mounts a component that opens at a button: a menu or a popover at “Open”, a tooltip at “Inside”.
 */
export async function mountAtButton(component: unknown, given: Properties): Promise<void> {
  const opens = { component, given };
  const props = { component: AtButton as unknown as Mountable, given: opens };
  await render(Window, { props });
}

/** The content of a component, from HTML with one element. */
export const inside = (html: string): Snippet => createRawSnippet(() => ({ render: () => html }));

/**
 * Gives an action of `audit/contract/actions.ts` a handler for one test.
 * @returns a function that removes the handler
 */
export const provide = (id: string, run: () => void): (() => void) =>
  actions.provide({ [id]: run });

/** A long task that is half done. */
export function taskOf(change: Partial<Task> = {}): Task {
  return {
    id: 't1',
    kind: 'export',
    title: 'Export of chest',
    state: 'running',
    progress: { task: 'export', done: 2, total: 4, message: 'Writing c2', secondsLeft: 30 },
    startedAt: '2026-11-01T10:00:00.000Z',
    endedAt: null,
    error: null,
    code: null,
    result: null,
    ...change,
  };
}

/** A project that is open. */
export function projectOf(change: Partial<ProjectInfo> = {}): ProjectInfo {
  return {
    folder: '/data/chest.overread',
    name: 'chest',
    structures: [
      { name: 'lung', colour: '#56b4e9' },
      { name: 'heart', colour: '#e69f00' },
    ],
    cases: 10,
    labels: 20,
    origin: { format: 'folders', root: '/data/chest' },
    writable: true,
    trusted: true,
    readOnlyBecause: null,
    run: null,
    ...change,
  };
}
