/** The packaged application names every package in it, with its licence. Needs a build. */
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NOTICES, SBOM, writeNotices } from '../../electron/notices.mjs';
import { leftOut, shipped } from '../../electron/shipped.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
interface Package {
  readonly version: string;
  readonly dev?: boolean;
}
interface Lock {
  readonly packages: Record<string, Package>;
}
const readJson = (file: string): unknown => JSON.parse(readFileSync(join(ROOT, file), 'utf8'));
const lock = readJson('package-lock.json') as Lock;
const bundled = readJson('dist/renderer/packages.json') as string[];
const packages = shipped(lock, bundled);

describe('the list of packages', () => {
  it('holds every package that the lock file installs for the application, but those left out', () => {
    const left = new Set(leftOut(lock));
    const installed = Object.entries(lock.packages)
      .filter(([place, { dev }]) => place !== '' && dev !== true && !left.has(place))
      .map(([place]) => place);
    const listed = new Set(packages.map(({ place }) => place));
    expect(installed.filter((place) => !listed.has(place))).toEqual([]);
    // What the interface is built of lies in its bundle.
    for (const place of ['node_modules/svelte', 'node_modules/bits-ui', 'node_modules/uplot']) {
      expect(bundled).toContain(place);
    }
  });

  it('holds no package without a licence', () => {
    expect(packages.filter(({ license }) => !license)).toEqual([]);
    expect(packages.length).toBeGreaterThan(100);
  });

  it('leaves out what only an installer that never runs needs, as electron-builder does', () => {
    const left = leftOut(lock);
    expect(left).toContain('node_modules/rimraf');
    expect(left).toContain('node_modules/@mapbox/node-pre-gyp');
    const { files } = parse(readFileSync(join(ROOT, 'electron-builder.yml'), 'utf8')) as {
      files: string[];
    };
    for (const place of left) expect(files).toContain(`!${place}/**`);
    const folders = files.flatMap(
      (pattern) => /^!(node_modules\/[^*]+)\/\*\*$/.exec(pattern) ?? [],
    );
    const wholly = folders.filter((place) => lock.packages[place] !== undefined);
    expect(wholly.sort()).toEqual(left);
  });
});

describe('what `npm run package` writes', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'overread-notices-'));
    writeNotices(ROOT, folder);
  }, 120_000);
  afterAll(() => rmSync(folder, { recursive: true }));
  const written = (name: string): string => readFileSync(join(folder, name), 'utf8');

  it('is a list in CycloneDX’s form of the same packages', () => {
    const sbom = JSON.parse(written(SBOM)) as {
      bomFormat: string;
      components: { group?: string; name: string; version: string; licenses?: unknown[] }[];
    };
    expect(sbom.bomFormat).toBe('CycloneDX');
    const found = sbom.components.map(
      ({ group, name, version }) => `${group === undefined ? '' : `${group}/`}${name}@${version}`,
    );
    const wanted = packages.map(({ name, version }) => `${name}@${version}`);
    expect([...new Set(found)].sort()).toEqual([...new Set(wanted)].sort());
    const without = sbom.components.filter(({ licenses = [] }) => licenses.length === 0);
    expect(without).toEqual([]);
  });

  it('is a text with the licence of each package', () => {
    const text = written(NOTICES);
    for (const { name, version, license } of packages) {
      expect(text).toContain(`${name} ${version}\nLicence: ${license}\n`);
    }
    expect(readdirSync(folder).sort()).toEqual([NOTICES, SBOM].sort());
  });
});
