import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  existsSync,
  mkdirSync,
  copyFileSync,
  readFileSync,
  readdirSync,
  writeFileSync,
  rmSync,
} from 'node:fs';
import path from 'node:path';
import { writeReport } from '../../../audit/report/report.ts';
import { evaluateProject } from '../../../audit/ranking/evaluate.ts';
import type { Run } from '../../../audit/store/types.ts';
import { scoreOf } from '../ranking/scores.ts';
import { makePlace, rectangle } from '../scoring/fixture.ts';
import type { Place } from '../scoring/fixture.ts';

let place: Place;
beforeEach(async () => {
  place = await makePlace(24, (i) => (i === 3 ? { lung: rectangle(10, 16, 18, 44) } : {}));
});
afterEach(() => place.remove());

/** Adds a finished run with networks, metrics and scores; the lung of case `worst` scores worst. */
function finishRun(worst = 3): Run {
  const { project } = place;
  const run = project.startRun({});
  const folder = project.runFolder(run.id);
  mkdirSync(folder, { recursive: true });
  copyFileSync(place.segmenter, path.join(folder, 'segmenter.onnx'));
  const epochs = [1, 2, 3].map((epoch) => ({
    epoch,
    phase: epoch === 1 ? 'warm-up' : 'joint',
    loss: 1 / epoch,
    weightedLoss: 0.5 / epoch,
    trainDice: [0.5 + epoch / 10, 0.4 + epoch / 10],
    validationDice: null,
    testDice: null,
    weights: [0.2, 0.5, 1, 1.5, 2],
    seconds: 1,
  }));
  // The last line is incomplete, as if the trainer was killed while it wrote.
  const lines = [...epochs.map((one) => JSON.stringify(one)), '{"epoch":4,"pha'];
  writeFileSync(path.join(folder, 'metrics.jsonl'), lines.join('\n'));
  project.saveScores(
    run.id,
    project.caseIds().flatMap((id, i) =>
      ['lung', 'heart'].map((structure) => {
        const bad = structure === 'lung' && i === worst;
        return scoreOf(id, structure, {
          learned: bad ? -2 : i / 100,
          disagreement: bad ? 0.5 : 0.05 + i / 1000,
          softmin: bad ? 0.1 : 0.6 + i / 1000,
          dice: bad ? 0.5 : 0.97,
          boundary: bad ? -16 : 0,
          boundaryOff: bad ? 1 : 0,
        });
      }),
    ),
  );
  project.endRun(run.id, { status: 'done' });
  return run;
}

describe('the report of a project', () => {
  it('is a page without external files, and a CSV file with every label', async () => {
    finishRun(5);
    finishRun();
    place.project.setVerdict('c0003', 'lung', 'flagged', { author: 'x' });
    const evaluation = evaluateProject(place.project, (id, structure) => {
      const error = id === 'c0003' && structure === 'lung';
      return { error, dice: error ? 0.5 : 1 };
    });
    const out = path.join(place.folder, 'report');
    const { page, csv } = await writeReport(place.project, out, { evaluation });
    expect(readdirSync(out).sort()).toEqual(['ranking.csv', 'report.html']);

    const rows = readFileSync(csv, 'utf8').trimEnd().split('\r\n');
    expect(rows).toHaveLength(49);
    expect(rows[1]).toMatch(/^1,c0003,lung,0\.5,0,flagged,\d+,,,0\.5,-4,1,/);

    const text = readFileSync(page, 'utf8');
    expect(text.match(/<article class="card">/g)).toHaveLength(20);
    expect(text.match(/data:image\/png;base64,/g)).toHaveLength(20);
    expect(text).toContain('The lung is drawn 4.0 px inside the model&#39;s outline along 100 %');
    expect(text.match(/class="proposal" d="M/g)).toHaveLength(20);
    for (const heading of [
      'Agreement with the model of the labels',
      'Against the known truth',
      'Verdicts',
      'Training',
    ]) {
      expect(text).toContain(`<h2>${heading}</h2>`);
    }
    expect(text).toContain('What moved since the run before');
    expect(text).toContain('3 epochs');
    // The page loads no file, runs no script, and contains no path of this machine.
    expect(text).not.toMatch(/(?:src|href)="(?!data:)/);
    expect(text).not.toMatch(/<script|url\(|@import/);
    expect(text).not.toContain(place.folder);
    expect(readFileSync(csv, 'utf8')).not.toContain(place.folder);
    // The project has the names of patients, but the report must not.
    expect(place.project.cases()[0].patient).toMatch(/^Doe/);
    expect(text + readFileSync(csv, 'utf8')).not.toContain('Doe');
  });

  it('says which image is missing, and is made without a segmenter', async () => {
    const run = finishRun();
    rmSync(place.imageFile('c0003'));
    rmSync(path.join(place.project.runFolder(run.id), 'segmenter.onnx'));
    const { page } = await writeReport(place.project, path.join(place.folder, 'r'));
    const text = readFileSync(page, 'utf8');
    expect(text).toContain('The image cannot be read any more.');
    expect(text).not.toContain('class="proposal"');
    expect(text).not.toContain(place.folder);
  });

  it('leaves no files behind when it cannot be made', async () => {
    const out = path.join(place.folder, 'report');
    await expect(writeReport(place.project, out)).rejects.toThrow(/has no scores yet/);
    finishRun();
    const stop = new AbortController();
    stop.abort();
    const cancelled = writeReport(place.project, out, { signal: stop.signal });
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
    expect(existsSync(out)).toBe(false);
    mkdirSync(out);
    writeFileSync(path.join(out, 'mine.txt'), '');
    await expect(writeReport(place.project, out)).rejects.toThrow(/is not empty/);
    expect(readdirSync(place.folder).filter((name) => name.includes('.part'))).toEqual([]);
  });
});
