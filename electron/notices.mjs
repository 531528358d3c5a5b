/** Writes what the packaged application is made of: a list for programs (CycloneDX) and the licences for people. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { shipped } from './shipped.mjs';

export const SBOM = 'sbom.cdx.json';
export const NOTICES = 'THIRD-PARTY-NOTICES.txt';
const LICENCE = /^(licen[cs]e|copying|notice|third-?party)/i;

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** The list of all installed packages, of which those that are shipped stay. */
function makeSbom(root, packages) {
  const tool = join(root, 'node_modules/@cyclonedx/cyclonedx-npm/bin/cyclonedx-npm-cli.js');
  const options = ['--output-format', 'JSON', '--flatten-components', '--ignore-npm-errors'];
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [tool, ...options, '--no-validate', '--output-reproducible', join(root, 'package.json')],
    { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 },
  );
  if (status !== 0) throw new Error(`The list of packages cannot be made: ${stderr.trim()}`);
  const sbom = JSON.parse(stdout);
  const wanted = new Set(packages.map(({ name, version }) => `${name}@${version}`));
  const isShipped = ({ group, name, version }) =>
    wanted.has(`${group === undefined ? '' : `${group}/`}${name}@${version}`);
  const components = sbom.components.filter(isShipped).map((component) => {
    const { license } = packages.find(({ name }) => name.endsWith(component.name)) ?? {};
    return component.licenses
      ? component
      : { ...component, licenses: [{ license: { id: license } }] };
  });
  const references = new Set([
    sbom.metadata.component['bom-ref'],
    ...components.map((component) => component['bom-ref']),
  ]);
  const dependencies = (sbom.dependencies ?? [])
    .filter(({ ref }) => references.has(ref))
    .map(({ ref, dependsOn = [] }) => ({
      ref,
      dependsOn: dependsOn.filter((other) => references.has(other)),
    }));
  return { ...sbom, components, dependencies };
}

/** The licence of a package: its name, and the texts that the package brings. */
function noticeOf(root, { place, name, version, license }) {
  const folder = join(root, place);
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && LICENCE.test(entry.name))
    .map((entry) => readFileSync(join(folder, entry.name), 'utf8').trim());
  const { author, homepage } = readJson(join(folder, 'package.json'));
  const by = typeof author === 'string' ? author : author?.name;
  const texts = files.length > 0 ? files : [`${by ?? name} gives it under this licence.`];
  const head = [`${name} ${version}`, `Licence: ${license}`, ...(homepage ? [homepage] : [])];
  return `${head.join('\n')}\n\n${texts.join('\n\n')}\n`;
}

/**
 * Writes both files into a folder.
 * @param {string} root the checkout, with its packages installed and its interface built
 * @param {string} folder
 * @throws Error if a package has no licence, or the interface is not built
 */
export function writeNotices(root, folder) {
  const list = join(root, 'dist/renderer/packages.json');
  if (!existsSync(list)) throw new Error(`${list} is missing: build the interface first.`);
  const packages = shipped(readJson(join(root, 'package-lock.json')), readJson(list));
  const unknown = packages.filter(({ license }) => !license).map(({ name }) => name);
  if (unknown.length > 0) throw new Error(`These packages have no licence: ${unknown.join(', ')}.`);
  writeFileSync(join(folder, SBOM), `${JSON.stringify(makeSbom(root, packages), null, 1)}\n`);
  const line = `\n${'='.repeat(80)}\n\n`;
  const intro =
    'Overread is made with the packages below. Electron and Chromium have files of their own.\n';
  writeFileSync(
    join(folder, NOTICES),
    [intro, ...packages.map((one) => noticeOf(root, one))].join(line),
  );
}
