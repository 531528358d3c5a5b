import { afterEach, describe, expect, it } from 'vitest';
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Interrupted } from '../../../audit/errors.ts';
import { forkHost } from '../../../audit/processes/fork.ts';
import { useProcessHost } from '../../../audit/processes/host.ts';
import type { RunningProgram } from '../../../audit/processes/host.ts';
import { rankProject } from '../../../audit/ranking/rank.ts';
import { mergeShards } from '../../../audit/scoring/parts.ts';
import { modelHash, scoreProject, scoreShard } from '../../../audit/scoring/score.ts';
import type { Progress } from '../../../audit/contract/terms.ts';
import { openProject } from '../../../audit/store/project.ts';
import { judgingParts } from '../../../audit/training/parts.ts';
import { shownNetwork } from '../../../audit/training/shown.ts';
import { RUN_FILES, pairFolder } from '../../../models/run-files.ts';
import { makePlace, rectangle, writeQam, writeSegmenter } from './fixture.ts';
import type { Place } from './fixture.ts';

let place: Place;
afterEach(() => place.remove());

const pairOf = (qam: string, segmenter: string | null) => ({ qam, segmenter, heldOut: [] });
const options = () => ({
  pairs: [pairOf(place.qam, place.segmenter)],
  model: 'm',
  threads: 1,
});

describe('scoring a project', () => {
  it('gives high scores to good labels, and measures how a bad label differs from the proposal', async () => {
    // In the second case the lung is drawn 4 px too small on every side, and the heart is empty.
    place = await makePlace(6, (i) =>
      i === 1 ? { lung: rectangle(10, 12, 22, 48), heart: rectangle(0, 0, 0, 0) } : {},
    );
    const summary = await scoreProject(place.project, options());
    expect(summary).toMatchObject({ cases: 6, labels: 12, skipped: 0, notices: [] });
    const scores = place.project.scores('m');
    const of = (id: string, structure: string) =>
      scores.find((one) => one.case === id && one.structure === structure)!;

    const good = of('c0000', 'lung');
    expect(good.dice).toBe(1);
    expect(good.disagreement).toBeLessThan(0.02);
    expect(good.boundary).toBe(0);
    expect(good.boundaryOff).toBe(0);
    expect(good.area).toBeCloseTo((20 * 44) / 64 ** 2, 6);
    expect(good.mask).toBe(place.project.case('c0000')!.labels[0].mask);

    const small = of('c0001', 'lung');
    // At 32² pixels, the label has 6 × 18 pixels of the lung's 10 × 22.
    expect(small.dice).toBeCloseTo((2 * 6 * 18) / (6 * 18 + 10 * 22), 6);
    // 4 px at 64² are 16 px at 256², the resolution of the score.
    expect(small.boundary).toBeCloseTo(-16, 6);
    expect(small.boundaryOff).toBe(1);
    expect(small.softmin!).toBeLessThan(good.softmin! / 2);

    const empty = of('c0001', 'heart');
    expect(empty).toMatchObject({ area: 0, dice: 0, boundary: null, boundaryOff: null });
    expect(good).toMatchObject({ kind: 'none', place: null });
    expect(small.kind).toBe('too-small');
    expect(empty.kind).toBe('omitted');
    expect(empty.place!.x).toBeGreaterThan(0.6);
    expect(empty.place!.width * empty.place!.height).toBeCloseTo(empty.proposalArea!, 3);
    expect(empty.proposalArea).toBeGreaterThan(0.05);

    expect(rankProject(place.project, { per: 'label' })[0].case).toBe('c0001');
    expect(rankProject(place.project)[0].case).toBe('c0001');
  });

  it('scores a label with the proposals for the others, so that their errors do not count', async () => {
    place = await makePlace(4, (i) => (i === 2 ? { heart: rectangle(0, 0, 30, 8) } : {}));
    await scoreProject(place.project, options());
    const scores = place.project.scores('m').filter((one) => one.case === 'c0002');
    const [lung, heart] = ['lung', 'heart'].map((name) =>
      scores.find((one) => one.structure === name)!,
    );
    // The QAM counts the heart's 15·4 wrong pixels and its 8·10 missed pixels among the 32².
    expect(heart.learned).toBeCloseTo(-(60 + 80) / 1024, 2);
    expect(lung.learned).toBeGreaterThan(-0.01);
    expect(lung.caseScore).toBe(heart.caseScore);
    expect(lung.caseScore).toBeCloseTo(heart.learned, 2);
  });

  it('uses the proposal in place of a label that nobody drew, and does not score it', async () => {
    place = await makePlace(2, (i) => (i === 0 ? { heart: null } : {}));
    await scoreProject(place.project, options());
    const [only, ...more] = place.project.scores('m').filter((one) => one.case === 'c0000');
    expect(more).toHaveLength(0);
    expect(only.structure).toBe('lung');
    expect(only.caseScore).toBeGreaterThan(-0.01);
  });

  it('joins what two pairs of networks say, but not of a case that one of them has not learned from', async () => {
    const nothing = rectangle(0, 0, 0, 0);
    place = await makePlace(3, (i) => (i === 2 ? {} : { heart: nothing }));
    const blind = path.join(place.folder, 'blind.onnx');
    writeSegmenter(blind, { blind: true });
    const pairs = [
      { ...pairOf(place.qam, place.segmenter), heldOut: ['c0001'] },
      pairOf(place.qam, blind),
    ];
    await scoreProject(place.project, { ...options(), pairs });
    const heartOf = (id: string) =>
      place.project.scores('m').find((one) => one.case === id && one.structure === 'heart')!;
    // One pair sees the heart that the label omits; the reasons are its own.
    const [seen, missed] = heartOf('c0000').pairs!;
    expect(heartOf('c0000')).toMatchObject({ dice: 0.5, kind: 'omitted' });
    expect(heartOf('c0000').place).not.toBe(null);
    expect([seen.dice, missed.dice]).toEqual([0, 1]);
    expect(heartOf('c0000').learned).toBeCloseTo((seen.learned + missed.learned) / 2, 9);
    expect(heartOf('c0001')).toMatchObject({ dice: 1, kind: 'none' });
    expect(heartOf('c0001').pairs).toBe(undefined);
    // A drawn heart that only one pair sees.
    expect(heartOf('c0002').pairs!.map(({ dice }) => dice)).toEqual([1, 0]);
  });

  it('shows the proposal of the pair that agrees least with the label', async () => {
    place = await makePlace(2, (i) => (i === 0 ? { heart: rectangle(0, 0, 0, 0) } : {}));
    const { project } = place;
    const { id } = project.startRun({});
    const second = pairFolder(project.runFolder(id), 2);
    mkdirSync(second, { recursive: true });
    for (const folder of [project.runFolder(id), second]) {
      copyFileSync(place.qam, path.join(folder, RUN_FILES.qam));
      writeFileSync(path.join(folder, RUN_FILES.summary), '{}');
    }
    copyFileSync(place.segmenter, path.join(second, RUN_FILES.segmenter));
    writeSegmenter(path.join(project.runFolder(id), RUN_FILES.segmenter), { blind: true });
    const [part] = await judgingParts(project.runFolder(id));
    await scoreProject(project, { ...options(), pairs: part.pairs, model: id });
    const shown = (of: string) => shownNetwork(project, id, of, 'segmenter', 'heart');
    expect(await shown('c0000')).toBe(part.pairs[1].segmenter);
    expect(await shown('c0001')).toBe(part.pairs[0].segmenter);
  });

  it('scores with a QAM alone, without measures that need a segmenter', async () => {
    place = await makePlace(3, (i) => (i === 2 ? { heart: rectangle(0, 0, 30, 8) } : {}));
    const model = await modelHash(place.qam);
    expect(model).toMatch(/^[0-9a-f]{64}$/);
    await scoreProject(place.project, { ...options(), model, pairs: [pairOf(place.qam, null)] });
    const scores = place.project.scores(model);
    expect(scores).toHaveLength(6);
    for (const score of scores) {
      expect(score).toMatchObject({ dice: null, disagreement: null, softmin: null });
    }
    expect(rankProject(place.project, { model })[0].case).toBe('c0002');
    expect(() => rankProject(place.project, { model, by: 'softmin' })).toThrow(/QAM alone/);
  });

  it('scores excluded labels, too', async () => {
    place = await makePlace(1);
    place.project.setVerdict('c0000', null, 'excluded', { author: 'x' });
    expect(await scoreProject(place.project, options())).toMatchObject({ labels: 2 });
  });

  it('reports progress that ends at the total', async () => {
    place = await makePlace(40);
    const seen: Progress[] = [];
    await scoreProject(place.project, {
      ...options(),
      threads: 2,
      onProgress: (one) => seen.push(one),
    });
    expect(seen[0]).toMatchObject({ task: 'score', done: 0, total: 40, secondsLeft: null });
    expect(seen.at(-1)).toMatchObject({ done: 40, total: 40, secondsLeft: 0 });
    const done = seen.map((one) => one.done);
    expect(done).toEqual([...done].sort((a, b) => a - b));
  });
});

describe('a scoring that was cut off', () => {
  it('keeps its scores when it is cancelled, and a second scoring adds the others', async () => {
    place = await makePlace(60);
    const stop = new AbortController();
    const cancelled = scoreProject(place.project, {
      ...options(),
      threads: 1,
      signal: stop.signal,
      onProgress: (one) => {
        if (one.done >= 20) stop.abort();
      },
    });
    await expect(cancelled).rejects.toMatchObject({ name: 'AbortError' });
    const kept = place.project.scores('m').length / 2;
    expect(kept).toBeGreaterThanOrEqual(16);
    expect(kept).toBeLessThan(60);
    const summary = await scoreProject(place.project, options());
    expect(summary).toMatchObject({ skipped: kept, cases: 60 - kept });
    expect(place.project.scores('m')).toHaveLength(120);
  });

  it('keeps its scores when its process is killed, and names the signal', async () => {
    place = await makePlace(60);
    let program: RunningProgram | null = null;
    useProcessHost({
      start: (name, entry, events) => (program = forkHost.start(name, entry, events)),
    });
    const killed = scoreProject(place.project, {
      ...options(),
      threads: 1,
      onProgress: (one) => {
        if (one.done >= 20) process.kill(program!.pid, 'SIGKILL');
      },
    }).finally(() => useProcessHost(forkHost));
    const error: unknown = await killed.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Interrupted);
    expect(error).toHaveProperty('message', expect.stringContaining('by signal SIGKILL'));
    const kept = place.project.scores('m').length / 2;
    expect(kept).toBeGreaterThanOrEqual(16);
    expect(kept).toBeLessThan(60);
    expect(await scoreProject(place.project, options())).toMatchObject({ cases: 60 - kept });
  });

  it('scores only those cases again of which a label has changed', async () => {
    place = await makePlace(5);
    await scoreProject(place.project, options());
    expect(await scoreProject(place.project, options())).toMatchObject({ cases: 0, skipped: 5 });
    const mask = rectangle(0, 0, 9, 9);
    await place.project.addRevision('c0003', 'lung', mask, { author: 'x', reason: 'replace' });
    expect(await scoreProject(place.project, options())).toMatchObject({ cases: 1, labels: 2 });
    const again = place.project.scores('m').find((one) => one.case === 'c0003')!;
    expect(again.dice!).toBeLessThan(0.5);
  });

  it('scores a label again whose kind of error is not known', async () => {
    place = await makePlace(2);
    await scoreProject(place.project, options());
    const [first] = place.project.scores('m');
    place.project.saveScores('m', [{ ...first, kind: null, place: null }]);
    expect(await scoreProject(place.project, options())).toMatchObject({ cases: 1, skipped: 1 });
    expect(place.project.scores('m')[0].kind).toBe('none');
  });
});

describe('a scoring with bad input', () => {
  it('lists the images that cannot be read, and scores the rest', async () => {
    place = await makePlace(5);
    rmSync(place.imageFile('c0001'));
    writeFileSync(place.imageFile('c0002'), 'no image');
    renameSync(place.imageFile('c0004'), place.imageFile('c0003'));
    const summary = await scoreProject(place.project, options());
    expect(summary).toMatchObject({ cases: 2, labels: 4 });
    const byCase = new Map(summary.notices.map((one) => [one.case, one.reason]));
    expect([...byCase.keys()].sort()).toEqual(['c0001', 'c0002', 'c0003', 'c0004']);
    expect(byCase.get('c0001')).toMatch(/c0001\.png is not there/);
    expect(byCase.get('c0003')).toMatch(/has changed since the import/);
  });

  it('refuses a model of other structures or another size, and a file that is no model', async () => {
    place = await makePlace(1);
    const foreign = path.join(place.folder, 'foreign.onnx');
    writeQam(foreign, { structures: ['liver', 'spleen'] });
    const by = (qam: string, segmenter: string | null = null) =>
      scoreProject(place.project, { ...options(), pairs: [pairOf(qam, segmenter)] });
    await expect(by(foreign)).rejects.toThrow(
      /judges liver, spleen, but the project "p" has lung, heart/,
    );
    const small = path.join(place.folder, 'small.onnx');
    writeSegmenter(small, { side: 16 });
    await expect(by(place.qam, small)).rejects.toThrow(/works at 32 × 32 .* 16 × 16/);
    await expect(by(place.segmenter)).rejects.toThrow(/is a segmenter, not a qam/);
    writeFileSync(foreign, 'nothing');
    await expect(by(foreign)).rejects.toMatchObject({ name: 'UserError' });
    await expect(by(path.join(place.folder, 'none.onnx'))).rejects.toThrow(/cannot be read/);
    await expect(modelHash(path.join(place.folder, 'none.onnx'))).rejects.toThrow(/is not there/);
  });
});

describe('a scoring in parts', () => {
  it('gives the same scores as a whole scoring when its parts are merged', async () => {
    place = await makePlace(11);
    await scoreProject(place.project, { ...options(), model: 'whole' });
    const reader = await openProject(place.project.folder);
    const parts: string[] = [];
    for (const index of [1, 2, 3]) {
      const out = path.join(place.folder, `part-${index}.jsonl`);
      await scoreShard(reader, { ...options(), shard: { index, of: 3 }, out });
      parts.push(out);
    }
    reader.close();
    expect(place.project.scores('m')).toHaveLength(0);
    expect(readdirSync(place.folder).filter((name) => name.endsWith('.part'))).toEqual([]);

    const some = await mergeShards(place.project, parts.slice(0, 2));
    expect(some).toMatchObject({ model: 'm', labels: 16, unknown: 0, missing: [3] });
    expect((await mergeShards(place.project, parts)).missing).toEqual([]);
    const sort = (model: string) =>
      place.project
        .scores(model)
        .sort((a, b) => (a.case + a.structure < b.case + b.structure ? -1 : 1));
    expect(sort('m')).toEqual(sort('whole'));
  });

  it('continues a part whose file was cut off in the middle of a line', async () => {
    place = await makePlace(9);
    const out = path.join(place.folder, 'part.jsonl');
    const job = { ...options(), shard: { index: 1, of: 1 }, out };
    await scoreShard(place.project, job);
    const whole = readFileSync(out, 'utf8');
    const lines = whole.split('\n');
    // The unfinished file holds its first line, seven scores and the beginning of the eighth.
    writeFileSync(`${out}.part`, lines.slice(0, 8).join('\n') + '\n' + lines[8].slice(0, 40));
    rmSync(out);
    const summary = await scoreShard(place.project, job);
    expect(summary).toMatchObject({ skipped: 3, cases: 6 });
    expect(existsSync(`${out}.part`)).toBe(false);
    await mergeShards(place.project, [out]);
    expect(place.project.scores('m')).toHaveLength(18);
  });

  it('refuses parts that do not belong together, and saves none of their scores', async () => {
    place = await makePlace(3);
    const [a, b] = ['a', 'b'].map((name) => path.join(place.folder, `${name}.jsonl`));
    await scoreShard(place.project, { ...options(), shard: { index: 1, of: 2 }, out: a });
    await scoreShard(place.project, {
      ...options(),
      model: 'n',
      shard: { index: 2, of: 2 },
      out: b,
    });
    await expect(mergeShards(place.project, [a, b])).rejects.toThrow(/different scorings/);
    writeFileSync(b, `${readFileSync(a, 'utf8')}{"case":`);
    await expect(mergeShards(place.project, [a, b])).rejects.toThrow(/damaged in line \d/);
    await expect(mergeShards(place.project, [place.qam])).rejects.toThrow(/no part of a scoring/);
    await expect(mergeShards(place.project, [`${a}x`])).rejects.toThrow(/is not there/);
    expect(place.project.scores('m')).toHaveLength(0);
    const wrong = { ...options(), shard: { index: 3, of: 2 }, out: a };
    await expect(scoreShard(place.project, wrong)).rejects.toThrow(/no part 3\/2/);
  });
});
