/** Finds words and controls that a window cuts off: nobody can read them, and no scrolling brings them back. */
import type { Page } from '@playwright/test';

/**
 * Page script. A word or control is cut if it reaches out of an ancestor that hides its overflow, before any ancestor
 * that scrolls. Words that end in an ellipsis are not cut: they say so themselves.
 */
const CUT = `(() => {
  const said = (e) =>
    (e.getAttribute('aria-label') ?? e.textContent ?? '').trim().replace(/\\s+/g, ' ').slice(0, 60) || e.tagName;
  const has = (value, ...names) => names.includes(value);
  const whole = { left: 0, top: 0, right: innerWidth, bottom: innerHeight };
  const isCut = (e) => {
    // Words in a closed <details> have a place, but are not drawn.
    if (!e.checkVisibility({ visibilityProperty: true })) return false;
    const own = e.getBoundingClientRect();
    if (own.width <= 1 || own.height <= 1) return false;
    let [across, down] = [true, true];
    for (let each = e; each; each = each.parentElement) {
      const style = getComputedStyle(each);
      if (style.textOverflow === 'ellipsis' || style.webkitLineClamp !== 'none') across = down = false;
      const box = each === document.body ? whole : each.getBoundingClientRect();
      if (each !== e) {
        const wide = own.right > box.right + 1 || own.left < box.left - 1;
        const high = own.bottom > box.bottom + 1 || own.top < box.top - 1;
        if (across && wide && has(style.overflowX, 'hidden', 'clip')) return true;
        if (down && high && has(style.overflowY, 'hidden', 'clip')) return true;
      }
      if (has(style.overflowX, 'auto', 'scroll')) across = false;
      if (has(style.overflowY, 'auto', 'scroll')) down = false;
      if (style.position === 'fixed') {
        const out = own.right > innerWidth + 1 || own.left < -1;
        return (across && out) || (down && (own.bottom > innerHeight + 1 || own.top < -1));
      }
    }
    return false;
  };
  const quiet = '.sr-only, [hidden], [aria-hidden=true], [inert], svg, canvas, option';
  const control = 'button, input, select, textarea, a, summary';
  const found = [...document.querySelectorAll('body *')]
    .filter((e) => !e.closest(quiet))
    .filter(
      (e) =>
        e.matches(control) ||
        [...e.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim() !== ''),
    )
    .filter(isCut)
    .map(said);
  return [...new Set(found)];
})()`;

/** The words and controls in the window that are cut off, as they are read. */
export function cutIn(page: Page): Promise<string[]> {
  return page.evaluate(CUT);
}
