/** The screen that is shown. Start, new project and settings need no open project. */

export type Screen = 'start' | 'new' | 'review' | 'train' | 'insights' | 'benchmark' | 'settings';

class Route {
  view = $state<Screen>('start');
  /** What the screen was opened with: a dataset's folder for `new`, a case for `review`, a packed
   *  project for `start`, a folder for `benchmark`. */
  argument = $state<string | null>(null);

  go(view: Screen, argument: string | null = null): void {
    this.view = view;
    this.argument = argument;
  }
}

export const route = new Route();
