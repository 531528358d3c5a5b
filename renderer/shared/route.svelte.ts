/** The screen that is shown. Only review, train and insights need an open project. */

export type Screen = 'start' | 'new' | 'review' | 'train' | 'insights' | 'benchmark' | 'settings';

class Route {
  view = $state<Screen>('start');
  /**
   * What the screen was opened with, or null: a dataset's path for `new`, a case for `review`, a packed
   * project for `start`, a folder for `benchmark`, a part of the screen for `train` and `settings`.
   */
  argument = $state<string | null>(null);

  go(view: Screen, argument: string | null = null): void {
    this.view = view;
    this.argument = argument;
  }
}

export const route = new Route();
