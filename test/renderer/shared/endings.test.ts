import { describe, expect, it } from 'vitest';
import type { Task } from '../../../audit/contract/api.ts';
import { waitFor } from '../../../audit/contract/words.ts';
import { endingOf, isOver, isShownBy, topicOf } from '../../../renderer/shared/endings.ts';
import type { ScreenNotice } from '../../../renderer/shared/notices.svelte.ts';

const task = (kind: Task['kind'], state: Task['state'], error: string | null = null): Task => ({
  id: '1',
  kind,
  title: 'Training',
  state,
  progress: null,
  startedAt: '',
  endedAt: null,
  error,
  code: null,
  result: null,
});

describe('a notice about a long task', () => {
  const told = { topic: topicOf('train'), text: 'The training has ended.' };
  const asked: Pick<ScreenNotice, 'topic' | 'text'> = { text: waitFor('Training') };

  it('ends when the next task of its kind begins', () => {
    expect(isOver(told, task('train', 'running'))).toBe(true);
    expect(isOver(told, task('export', 'running'))).toBe(false);
    expect(isOver(told, task('train', 'done'))).toBe(false);
  });

  it('that asks to wait ends with the task', () => {
    expect(isOver(asked, task('train', 'running'))).toBe(false);
    for (const state of ['done', 'failed', 'cancelled'] as const)
      expect(isOver(asked, task('train', state))).toBe(true);
  });

  it('ends on the screen that shows the task', () => {
    expect(isShownBy(told, 'train')).toBe(true);
    expect(isShownBy(told, 'review')).toBe(false);
    expect(isShownBy(asked, 'train')).toBe(false);
  });
});

describe('the end of a long task', () => {
  it('is reported on other screens, with a way to its own screen, and not on that one', () => {
    expect(endingOf(task('train', 'done'), 'review')).toMatchObject({
      kind: 'done',
      view: 'train',
      argument: 'moved',
    });
    expect(endingOf(task('train', 'done'), 'train')).toBe(null);
    expect(endingOf(task('train', 'running'), 'review')).toBe(null);
    expect(endingOf(task('train', 'cancelled'), 'review')).toBe(null);
  });

  it('says why it failed', () => {
    expect(endingOf(task('export', 'failed', 'The disk is full.'), 'review')).toMatchObject({
      kind: 'error',
      text: 'The disk is full.',
      view: 'insights',
    });
    // The train screen itself shows that the demo failed while it trained.
    expect(endingOf(task('demo', 'failed', 'x'), 'train')).toBe(null);
    expect(endingOf(task('demo', 'done'), 'train')).toMatchObject({ view: 'review' });
  });
});
