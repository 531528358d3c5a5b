/** Lists the packages of the packaged application, from package-lock.json and what the interface was built of. */

/**
 * What @tensorflow/tfjs-node-gpu needs for its own installer only, which Overread never runs. These packages and those
 * that only they need are not shipped. electron-builder.yml leaves them out; a test compares.
 */
const INSTALLER = {
  of: 'node_modules/@tensorflow/tfjs-node-gpu',
  needs: ['@mapbox/node-pre-gyp', 'adm-zip', 'https-proxy-agent', 'progress', 'rimraf', 'tar'],
};
/** Packages in the interface's style sheet, which the builder does not list. */
const STYLES = ['node_modules/@fontsource-variable/inter', 'node_modules/tailwindcss'];

/** Licences that a package's text says and its package.json does not. */
const LICENCES = { 'svelte-toolbelt': 'MIT' };

/** Where the package `name` lies that the package at `from` requires, as Node looks for it; null if nowhere. */
function placeOf(packages, from, name) {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1))) {
    const place = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
    if (packages[place] !== undefined) return place;
    if (at === '') return null;
  }
}

/** The places of all packages that the application requires. */
function required(packages, isInstallerToo) {
  const places = new Set();
  const todo = Object.keys(packages[''].dependencies).map((name) => placeOf(packages, '', name));
  for (let place = todo.pop(); place !== undefined; place = todo.pop()) {
    if (place === null || places.has(place)) continue;
    places.add(place);
    const { dependencies, optionalDependencies, peerDependencies } = packages[place];
    for (const name of Object.keys({
      ...{ ...dependencies, ...optionalDependencies, ...peerDependencies },
    })) {
      const isLeftOut = place === INSTALLER.of && INSTALLER.needs.includes(name);
      if (isInstallerToo || !isLeftOut) todo.push(placeOf(packages, place, name));
    }
  }
  return places;
}

/**
 * @param {{ packages: Record<string, any> }} lock the content of package-lock.json
 * @returns {string[]} the places of packages that are required and not shipped
 */
export function leftOut({ packages }) {
  const kept = required(packages, false);
  return [...required(packages, true)].filter((place) => !kept.has(place)).sort();
}

/**
 * @param {{ packages: Record<string, any> }} lock the content of package-lock.json
 * @param {string[]} bundled the places of packages in the interface (dist/renderer/packages.json)
 * @returns {{ place: string, name: string, version: string, license: string | undefined }[]} sorted by name
 */
export function shipped({ packages }, bundled) {
  const left = new Set(leftOut({ packages }));
  const own = [...required(packages, true)].filter((place) => !left.has(place));
  const places = new Set([...own, ...bundled, ...STYLES]);
  return [...places]
    .map((place) => {
      const name = place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);
      const { version, license } = packages[place] ?? {};
      return { place, name, version, license: license ?? LICENCES[name] };
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
