/** The values of the theme's colours, for drawing on canvases; read again when the theme changes. */

const TOKENS = [
  'text',
  'mute',
  'faint',
  'line',
  'line-strong',
  'accent',
  'bad',
  'warn',
  'ok',
] as const;
type Token = (typeof TOKENS)[number];

class ThemeColours {
  #values = $state.raw<Readonly<Record<Token, string>>>(read());

  constructor() {
    new MutationObserver(() => (this.#values = read())).observe(document.documentElement, {
      attributes: true,
      attributeFilter: ['data-theme'],
    });
  }

  get values(): Readonly<Record<Token, string>> {
    return this.#values;
  }
}

function read(): Readonly<Record<Token, string>> {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(
    TOKENS.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]),
  ) as Record<Token, string>;
}

export const themeColours = new ThemeColours();

/** Adds an alpha, 0 … 1, to a colour `#rrggbb`; another colour stays as it is. */
export function faded(colour: string, alpha: number): string {
  const share = Math.round(Math.max(0, Math.min(1, alpha)) * 255);
  return /^#[0-9a-f]{6}$/i.test(colour) ? colour + share.toString(16).padStart(2, '0') : colour;
}
