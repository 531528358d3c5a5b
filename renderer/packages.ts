/** Lists the packages whose code is in the interface's bundle, so that the packaged application can name them. */
import type { Plugin } from 'vite';

const PLACE = /^.*?[\\/]?((?:node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+[\\/])+)/;

/** The place of the package of a module, such as `node_modules/svelte`; null for a module of Overread. */
function placeOf(module: string): string | null {
  const at = module.indexOf('node_modules');
  const found = at < 0 ? null : PLACE.exec(module.slice(at).replaceAll('\\', '/'));
  return found === null ? null : found[1].slice(0, -1);
}

/** Writes `packages.json` beside the bundle. */
export function listPackages(): Plugin {
  return {
    name: 'list-packages',
    generateBundle(_, bundle) {
      const modules = Object.values(bundle).flatMap((file) =>
        file.type === 'chunk' ? file.moduleIds : [],
      );
      const places = modules.map(placeOf).filter((place) => place !== null);
      const source = JSON.stringify([...new Set(places)].sort());
      this.emitFile({ type: 'asset', fileName: 'packages.json', source });
    },
  };
}
