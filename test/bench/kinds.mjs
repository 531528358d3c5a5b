// How often the kind of error that a difference looks like is the kind that was planted. True masks stand
// for labels, and slightly warped true masks for a segmenter's proposals. One half of the cases fits the
// coefficients of audit/scoring/kind-coefficients.ts; the kinds are counted on the other half.
//
//   npm run bench -- kinds FOLDER [--write] [--cases N]
//
// FOLDER holds `images`, and a folder of masks for each structure; the files of a case have one name.
// --write   fits new coefficients and writes them; without it, the present coefficients are tested
// --cases   takes only the first N cases
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readImageFile } from '../../dist/audit/codecs/index.js';
import * as damage from '../../dist/audit/damage/damage.js';
import { leaked } from '../../dist/audit/damage/leak.js';
import { markovRagged } from '../../dist/audit/damage/markov.js';
import { dice } from '../../dist/audit/imaging/measure.js';
import { resampleImage, resampleMask } from '../../dist/audit/imaging/resample.js';
import { KIND_FEATURES, kindFeatures } from '../../dist/audit/scoring/kind-features.js';
import { KIND_COEFFICIENTS } from '../../dist/audit/scoring/kind-coefficients.js';
import { kindOf, likeliest } from '../../dist/audit/scoring/kind.js';
import { Random } from '../../dist/models/random.js';

/** Widths (and heights) of the networks' input, in pixels; the cases use them in turn. */
const SIDES = [256, 128];
/** Below this dice with the true mask, an error is gross; the figures count gross errors. */
const GROSS = 0.85;
/** Above this dice with the true mask, a damage is no error. */
const NO_ERROR = 0.95;
const ROUNDS = 1500;
const RIDGE = 1e-3;

const PLANTED = [
  ['too-small', ({ truth, severity }) => damage.eroded(truth, severity)],
  ['too-large', ({ truth, severity }) => damage.dilated(truth, severity)],
  ['shifted', ({ truth, severity, random }) => damage.shifted(truth, severity, random)],
  ['part-missing', ({ truth, severity, random }) => damage.missingPart(truth, severity, random)],
  ['side-missing', ({ truth, random }) => damage.oneSided(truth, random)],
  ['leaked', ({ truth, image, severity, random }) => leaked(truth, image, severity, random)],
  ['ragged', ({ truth, severity, random }) => damage.ragged(truth, severity, random)],
  ['ragged', ({ truth, severity, random }) => markovRagged(truth, severity, random)],
  ['swapped', ({ all, structure, random }) => random.pick(all.filter((_, s) => s !== structure))],
  ['other-patient', ({ other }) => other],
  ['omitted', ({ truth }) => ({ ...truth, data: truth.data.map(() => 0) })],
  ['invented', ({ other }) => other],
  ['none', ({ truth }) => truth],
];

async function readCases(folder, count) {
  const structures = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'images')
    .map(({ name }) => name);
  const files = readdirSync(path.join(folder, 'images')).sort().slice(0, count);
  const cases = [];
  for (const [index, file] of files.entries()) {
    const { image } = await readImageFile(path.join(folder, 'images', file));
    const side = SIDES[(index >> 1) % SIDES.length];
    const masks = [];
    for (const structure of structures) {
      const { image: read } = await readImageFile(path.join(folder, structure, file));
      const mask = { ...read, data: Uint8Array.from(read.data, (v) => (v === 0 ? 0 : 1)) };
      masks.push(resampleMask(mask, side, side));
    }
    const small = { ...image, width: side, height: side, data: resampleImage(image, side, side) };
    cases.push({ id: file, image: small, masks, half: index % 2, side });
  }
  return { structures, cases };
}

/** Every kind, planted once on every label. */
function plant({ structures, cases }) {
  const examples = [];
  for (const { id, image, masks, half, side } of cases) {
    const random = new Random('kinds', id);
    const proposals = masks.map((mask) => damage.warped(mask, random.uniform(0.05, 0.15), random));
    const others = cases.filter((own) => own.half === half && own.side === side && own.id !== id);
    masks.forEach((truth, structure) => {
      for (const [kind, spoil] of PLANTED) {
        const severity = random.uniform(0, 1.2);
        const other = random.pick(others).masks[structure];
        const label = spoil({ truth, image, severity, random, all: masks, structure, other });
        const proposal =
          kind === 'invented'
            ? { ...truth, data: new Uint8Array(side * side) }
            : proposals[structure];
        const around = proposals.filter((_, s) => s !== structure);
        const drawn = label.data.includes(1) && proposal.data.includes(1);
        examples.push({
          kind,
          half,
          structure: structures[structure],
          dice: kind === 'invented' ? 0 : dice(label, truth),
          // If a mask is empty, `kindOf` finds the kind without features. The other kinds are found later,
          // from the features.
          seen: drawn ? 'none' : kindOf(label, proposal, around),
          features: drawn ? kindFeatures(label, proposal, around) : null,
        });
      }
    });
  }
  return examples;
}

/** Multinomial logistic regression by gradient descent (Adam); every kind weighs the same. */
function fit(examples) {
  const kinds = [...new Set(examples.map(({ kind }) => kind))];
  const counts = kinds.map((kind) => examples.filter((own) => own.kind === kind).length);
  const rows = examples.map(({ features }) => KIND_FEATURES.map((name) => features[name]));
  const centre = KIND_FEATURES.map(
    (_, f) => rows.reduce((sum, row) => sum + row[f], 0) / rows.length,
  );
  const scale = KIND_FEATURES.map((_, f) =>
    Math.max(
      Math.sqrt(rows.reduce((sum, row) => sum + (row[f] - centre[f]) ** 2, 0) / rows.length),
      1e-6,
    ),
  );
  const inputs = rows.map((row) => [1, ...row.map((v, f) => (v - centre[f]) / scale[f])]);
  const wanted = examples.map(({ kind }) => kinds.indexOf(kind));
  const n = KIND_FEATURES.length + 1;
  const weights = kinds.map(() => new Float64Array(n));
  const [first, second] = [0, 1].map(() => kinds.map(() => new Float64Array(n)));
  for (let round = 1; round <= ROUNDS; round += 1) {
    const gradient = weights.map((own) => own.map((w, f) => (f === 0 ? 0 : RIDGE * w)));
    inputs.forEach((input, i) => {
      const raw = weights.map((own) => input.reduce((sum, v, f) => sum + v * own[f], 0));
      const top = Math.max(...raw);
      const powers = raw.map((v) => Math.exp(v - top));
      const total = powers.reduce((sum, v) => sum + v, 0);
      const share = 1 / counts[wanted[i]] / kinds.length;
      powers.forEach((power, k) => {
        const error = share * (power / total - (k === wanted[i] ? 1 : 0));
        for (let f = 0; f < n; f += 1) gradient[k][f] += error * input[f];
      });
    });
    const rate = 0.1 * Math.min(1, 2 * (1 - round / (ROUNDS + 1)));
    weights.forEach((own, k) => {
      for (let f = 0; f < n; f += 1) {
        first[k][f] = 0.9 * first[k][f] + 0.1 * gradient[k][f];
        second[k][f] = 0.999 * second[k][f] + 0.001 * gradient[k][f] ** 2;
        const step = first[k][f] / (1 - 0.9 ** round);
        own[f] -= (rate * step) / (Math.sqrt(second[k][f] / (1 - 0.999 ** round)) + 1e-9);
      }
    });
  }
  // Converts the coefficients of standardised features into those of the features as they are.
  const round = (value) => Math.round(value * 1000) / 1000;
  return Object.fromEntries(
    kinds.map((kind, k) => {
      const own = KIND_FEATURES.map((_, f) => weights[k][f + 1] / scale[f]);
      const constant = weights[k][0] - own.reduce((sum, w, f) => sum + w * centre[f], 0);
      return [kind, [constant, ...own].map(round)];
    }),
  );
}

function tableOf(examples) {
  const names = [...new Set(PLANTED.map(([kind]) => kind))];
  const table = names.map((kind) => {
    const own = examples.filter((example) => example.kind === kind);
    return names.map((seen) => own.filter((example) => example.seen === seen).length);
  });
  console.error(['planted \\ seen', ...names].join(' | '));
  table.forEach((row, i) => console.error([names[i], ...row].join(' | ')));
  return table;
}

const rightOf = (examples) => {
  const right = examples.filter(({ kind, seen }) => kind === seen).length;
  return { right: right / Math.max(examples.length, 1), of: examples.length };
};

export default async function kinds(args) {
  const { values, positionals } = parseArgs({
    args,
    options: { write: { type: 'boolean' }, cases: { type: 'string' } },
    allowPositionals: true,
  });
  if (positionals.length !== 1) throw new Error('Usage: npm run bench -- kinds FOLDER [--write]');
  const read = await readCases(positionals[0], values.cases ? Number(values.cases) : undefined);
  const started = Date.now();
  const examples = plant(read);
  const isUsed = ({ kind, dice: own }) => (kind === 'none') === own > NO_ERROR;
  const fitted = values.write
    ? fit(examples.filter((own) => own.half === 0 && own.features !== null && isUsed(own)))
    : KIND_COEFFICIENTS;
  if (values.write) {
    const text =
      '/** Coefficients of the features in `kind.ts`; `npm run bench -- kinds FOLDER --write` fits them. */\n' +
      "import type { FittedKind } from './kind-features.ts';\n\n" +
      '/** For each kind its constant, then one coefficient for each of `KIND_FEATURES`. */\n' +
      `export const KIND_COEFFICIENTS: Readonly<Record<FittedKind, readonly number[]>> = ` +
      `${JSON.stringify(fitted)};\n`;
    writeFileSync(new URL('../../audit/scoring/kind-coefficients.ts', import.meta.url), text);
    console.error('Written: run "npx prettier --write audit/scoring/kind-coefficients.ts".');
  }
  for (const own of examples) if (own.features) own.seen = likeliest(own.features, fitted);
  const measured = examples.filter((own) => own.half === 1);
  const gross = measured.filter(({ dice: own }) => own < GROSS);
  console.error('Gross errors (dice below .85) of the cases that fitted nothing:');
  tableOf(gross);
  const mild = measured.filter(
    ({ dice: own, kind }) => own >= GROSS && isUsed({ kind, dice: own }),
  );
  console.error('The others:');
  tableOf(mild);
  const names = [...new Set(gross.map(({ kind }) => kind))];
  return {
    seconds: Math.round((Date.now() - started) / 1000),
    gross: rightOf(gross),
    grossByStructure: Object.fromEntries(
      read.structures.map((name) => [
        name,
        rightOf(gross.filter((own) => own.structure === name)).right,
      ]),
    ),
    grossByKind: Object.fromEntries(
      names.map((kind) => [kind, rightOf(gross.filter((own) => own.kind === kind)).right]),
    ),
    mild: rightOf(mild),
  };
}
