/**
 * Tests the application in a browser from the start screen to the export, on thirty real chest X-rays.
 * The labels of five of them are damaged. The folder of X-rays (`images`, `lung`, `heart`, `clavicle`)
 * is named in `OVERREAD_JSRT`, or lies at `../shared/data/jsrt` beside the checkout.
 */
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodePng } from '../../audit/codecs/png.ts';
import { dice } from '../../audit/imaging/measure.ts';
import { applyNoise, planNoise } from '../../audit/damage/noise.ts';
import { writeTruth } from '../../audit/damage/truth.ts';
import { readMaskFile } from '../../audit/review/replace.ts';
import { findChromium } from './chromium.mjs';
import type { Ground } from './fixture.ts';
import { importFolder, train } from './walk.ts';
import { describeWay, inBrowser } from './whole.ts';

const SOURCE =
  process.env['OVERREAD_JSRT'] ?? join(import.meta.dirname, '../../../shared/data/jsrt');
const STRUCTURES = ['lung', 'heart', 'clavicle'];
/** Size of every picture, in pixels. */
const SIZE = { width: 256, height: 256 };
const CASES = 30;
const NOISE = { share: 1 / 6, from: 5, to: 13, mode: 'both', seed: 0 } as const;

function found(): boolean {
  if (existsSync(join(SOURCE, 'images'))) return true;
  process.stderr.write(
    'Skipped: the JSRT X-rays were not found. Set OVERREAD_JSRT to their folder.\n',
  );
  return false;
}

/** Copies thirty cases, damages labels of five of them, and writes to `truth.json` which. */
async function prepare({ dataset }: Ground): Promise<void> {
  const images = readdirSync(join(SOURCE, 'images')).sort().slice(0, CASES);
  const ids = images.map((file) => file.replace(/\.png$/, ''));
  for (const folder of ['images', ...STRUCTURES]) {
    mkdirSync(join(dataset, folder), { recursive: true });
    for (const file of images)
      copyFileSync(join(SOURCE, folder, file), join(dataset, folder, file));
  }
  const errors = [];
  for (const entry of planNoise(ids, STRUCTURES, NOISE)) {
    const file = join(dataset, entry.structure, `${entry.case}.png`);
    const { mask } = await readMaskFile(file, SIZE);
    const damaged = applyNoise(mask, entry);
    const data = damaged.data.map((value) => value * 255);
    writeFileSync(file, await encodePng({ ...damaged, bits: 8, data }));
    const { case: id, structure, kind } = entry;
    errors.push({ case: id, structure, kind, severity: null, dice: dice(damaged, mask) });
  }
  await writeTruth(join(dataset, 'truth.json'), {
    version: 1,
    seed: NOISE.seed,
    errors,
    cases: ids,
  });
}

describeWay('the whole way, on thirty real X-rays', {
  skip: findChromium() === null || !found(),
  cases: CASES,
  prepare,
  open: inBrowser,
  begin: async (page, { dataset }) => {
    await importFolder(page, dataset, CASES);
    await train(page, { epochs: 16, size: 64 });
  },
});
