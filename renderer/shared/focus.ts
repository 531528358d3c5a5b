/**
 * Knows whether the keyboard or the mouse brought the focus to a control, and moves it to the stage. A control
 * that a click left focused does not answer Enter and space: these keys then give verdicts.
 */

/** Controls that take the focus when they are clicked, though nobody types into them. */
const CONTROLS =
  'button, a, summary, [role=button], [role=tab], [role=option], [role=listbox], [role=switch], [role=checkbox]';

/** Keys that move the focus from one control to another. */
const MOVES = /^(?:Tab|Arrow\w+|Home|End)$/;

/** Controls to which a click brought the focus. */
const clicked = new WeakSet<EventTarget>();
/** The newest input: `pointer`, or the name of a key. */
let newest = '';

function pressed({ target }: Event): void {
  newest = 'pointer';
  const control = target instanceof Element ? target.closest(CONTROLS) : null;
  if (control) clicked.add(control);
}

function focused({ target }: Event): void {
  if (!target) return;
  if (newest === 'pointer') clicked.add(target);
  else if (MOVES.test(newest)) clicked.delete(target);
}

if ('document' in globalThis) {
  window.addEventListener('pointerdown', pressed, true);
  window.addEventListener('keydown', ({ key }) => (newest = key), true);
  window.addEventListener('focusin', focused, true);
}

/** Whether a click, and not the keyboard, brought the focus to the control. */
export function isLeftByClick(control: EventTarget): boolean {
  return clicked.has(control);
}

/** Moves the focus to the stage. @returns false if the screen has no stage */
function focusStage(): boolean {
  const stage = document.querySelector<HTMLElement>('[data-stage]');
  stage?.focus({ preventScroll: true });
  return stage !== null;
}

/** Call it after a click: if the click left the focus on a control, moves the focus to the stage. */
export function leaveClicked(): void {
  const control = document.activeElement;
  // A control that opens a menu keeps the focus until the menu takes it.
  if (control?.matches(CONTROLS) && control.getAttribute('aria-haspopup') === null) focusStage();
}

/**
 * Call it when a panel over the screen closes. Moves the focus to the stage, if the screen has one. Else, and if
 * a person came to the panel's button by the keyboard and left the panel by Escape, the focus goes back there.
 * @param event the event of the panel that would bring the focus back
 * @param opener what had the focus when the panel opened
 */
export function leavePanel(event: Event, opener: Element | null): void {
  const wentBack = newest === 'Escape' && opener?.matches(CONTROLS) && !clicked.has(opener);
  if (!wentBack && focusStage()) event.preventDefault();
}
