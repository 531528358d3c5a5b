/** Applies a theme to the page. The themes' colours are in `app.css`. */
import type { Settings } from '../../audit/contract/api.ts';

/** Shows a theme; `system` follows the system's choice. @returns a function that ends this */
export function applyTheme(theme: Settings['theme']): () => void {
  const light = matchMedia('(prefers-color-scheme: light)');
  const apply = (): void => {
    const name = theme === 'system' ? (light.matches ? 'light' : 'dark') : theme;
    document.documentElement.dataset['theme'] = name;
  };
  apply();
  if (theme !== 'system') return () => undefined;
  light.addEventListener('change', apply);
  return () => light.removeEventListener('change', apply);
}
