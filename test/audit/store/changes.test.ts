/** Changes of a project: verdicts, comments, strokes, runs and scores. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { existsSync } from 'node:fs';
import { encodeRect } from '../../../audit/contract/runs.ts';
import type { Mask } from '../../../audit/imaging/types.ts';
import { openProject, openProjectForWriting } from '../../../audit/store/project.ts';
import { applyStrokes, decodeStroke } from '../../../audit/store/strokes.ts';
import type { EncodedStroke, LabelScore } from '../../../audit/store/types.ts';
import type { StoreWriter } from '../../../audit/store/writer.ts';
import { createIn, makeCase, makeMask, makePlace } from './fixture.ts';
import type { Place } from './fixture.ts';

let place: Place;
let writer: StoreWriter;
const by = { author: 'Ada' };

beforeEach(async () => {
  place = makePlace();
  writer = await createIn(place);
  const second = makeCase(place, 2);
  await writer.addCases([makeCase(place, 1), { ...second, labels: second.labels.slice(0, 1) }]);
});
afterEach(async () => {
  // After every test the project must agree with its audit log.
  const findings = await writer.verify();
  writer.close();
  place.remove();
  expect(findings).toEqual([]);
});

const verdicts = (id: string): (string | null)[] =>
  writer.case(id)?.labels.map((label) => label.verdict) ?? [];
const actions = (): string[] => writer.auditLog().map((row) => row.action);

describe('verdicts', () => {
  it('on a label leave the other labels alone, and on a case go to the labels without a verdict', () => {
    writer.setVerdict('case 1', 'lung', 'flagged', { ...by, comment: ' lobe missing ' });
    expect(writer.case('case 1')).toMatchObject({
      verdict: 'flagged',
      labels: [
        { verdict: 'flagged', comment: 'lobe missing' },
        { verdict: null, comment: null },
      ],
    });
    writer.setVerdict('case 1', null, 'accepted', by);
    expect(verdicts('case 1')).toEqual(['flagged', 'accepted']);
    writer.setVerdict('case 1', null, 'excluded', { ...by, force: true });
    expect(verdicts('case 1')).toEqual(['excluded', 'excluded']);
    expect(writer.case('case 1')?.verdict).toBe('excluded');
    writer.setVerdict('case 1', null, null, by);
    expect(verdicts('case 1')).toEqual([null, null]);
    expect(actions()).toEqual(['create', 'import', 'verdict', 'verdict', 'verdict', 'verdict']);
    expect(writer.auditLog().at(-2)).toMatchObject({
      author: 'Ada',
      detail: {
        case: 'case 1',
        verdict: 'excluded',
        labels: [
          { structure: 'lung', from: 'flagged' },
          { structure: 'heart', from: 'accepted' },
        ],
      },
    });
  });

  it('that change nothing leave no row in the log, and an absent label cannot get one', () => {
    writer.setVerdict('case 2', null, 'accepted', by);
    writer.setVerdict('case 2', null, 'accepted', by);
    expect(verdicts('case 2')).toEqual(['accepted', null]);
    expect(writer.case('case 2')?.verdict).toBe('accepted');
    expect(actions().filter((action) => action === 'verdict')).toHaveLength(1);
    expect(() => writer.setVerdict('case 2', 'heart', 'accepted', by)).toThrow(/is absent/);
    expect(() => writer.setVerdict('case 9', null, 'accepted', by)).toThrow(/no case "case 9"/);
    expect(() => writer.setVerdict('case 2', 'liver', 'accepted', by)).toThrow(
      /it has lung, heart/,
    );
  });

  it('stay after a new revision and after the project was closed', async () => {
    writer.setVerdict('case 1', 'lung', 'fixed', by);
    await writer.addRevision('case 1', 'lung', makeMask(16, 16, 5), { ...by, reason: 'replace' });
    writer.close();
    writer = await openProjectForWriting(place.project, { purpose: 'test' });
    expect(writer.case('case 1')?.labels[0]).toMatchObject({ verdict: 'fixed', revision: 2 });
  });

  it('have only the newest comment, and an empty comment removes it', () => {
    writer.comment('case 2', 'heart', 'not drawn: should be', by);
    writer.comment('case 2', 'heart', 'asked Grace', by);
    expect(writer.case('case 2')?.labels[1]).toMatchObject({
      state: 'absent',
      comment: 'asked Grace',
    });
    writer.comment('case 2', 'heart', '', by);
    expect(writer.case('case 2')?.labels[1]?.comment).toBeNull();
    expect(actions().filter((action) => action === 'comment')).toHaveLength(3);
  });
});

/** The stroke that turns `before` into `after` within a rectangle. */
function makeStroke(
  before: Mask,
  after: Mask,
  box: Parameters<typeof encodeRect>[2],
): EncodedStroke {
  const [from, to] = [before, after].map(({ data, width }) => encodeRect(data, width, box));
  return { ...box, before: from, after: to };
}

describe('the stroke journal', () => {
  it('applies strokes, and a stroke with before and after exchanged undoes one', () => {
    const before = makeMask(10, 8, 1);
    const after = makeMask(10, 8, 2);
    const box = { x: 2, y: 3, width: 5, height: 4 };
    const stroke = makeStroke(before, after, box);
    const drawn = applyStrokes(before, [stroke]);
    drawn.data.forEach((value, at) => {
      const [x, y] = [at % 10, Math.floor(at / 10)];
      const inside = x >= 2 && x < 7 && y >= 3 && y < 7;
      expect(value).toBe((inside ? after : before).data[at]);
    });
    const undo = { ...stroke, before: stroke.after, after: stroke.before };
    expect(applyStrokes(drawn, [undo])).toEqual(before);
    expect(() => applyStrokes(drawn, [stroke])).toThrow(/does not fit/);
  });

  const whole = { x: 0, y: 0, width: 16, height: 16 };
  const step = (from: Mask, to: Mask) => decodeStroke(makeStroke(from, to, whole));

  it('stays when its process ends, and becomes one revision', async () => {
    const [a, b, c] = [
      await writer.mask('case 1', 'lung'),
      makeMask(16, 16, 50),
      makeMask(16, 16, 51),
    ];
    if (!a) throw new Error('the label is absent');
    writer.appendStroke('case 1', 'lung', step(a, b), by);
    writer.appendStroke('case 1', 'lung', step(b, c), by);
    writer.close();
    writer = await openProjectForWriting(place.project, { purpose: 'test' });
    expect(writer.strokes('case 1', 'lung')).toMatchObject([
      { ...whole, baseRevision: 1, author: 'Ada' },
      { ...whole },
    ]);
    expect(await writer.drawn('case 1', 'lung')).toEqual(c);
    expect(await writer.mask('case 1', 'lung')).toEqual(a);
    const revision = await writer.foldStrokes('case 1', 'lung', { author: 'Grace' });
    expect(revision).toMatchObject({ number: 2, reason: 'stroke', author: 'Grace' });
    expect(await writer.mask('case 1', 'lung')).toEqual(c);
    expect(writer.strokes('case 1', 'lung')).toEqual([]);
    expect(await writer.foldStrokes('case 1', 'lung', by)).toBeNull();
  });

  it('starts on an absent label, and takes strokes while it is folded into a revision', async () => {
    const none = { width: 16, height: 16, data: new Uint8Array(256) };
    const [b, c] = [makeMask(16, 16, 60), makeMask(16, 16, 61)];
    writer.appendStroke('case 2', 'heart', step(none, b), by);
    const folding = writer.foldStrokes('case 2', 'heart', by);
    await Promise.resolve();
    await Promise.resolve();
    writer.appendStroke('case 2', 'heart', step(b, c), by);
    await folding;
    expect(await writer.drawn('case 2', 'heart')).toEqual(c);
    expect(await writer.verify()).toEqual([]);
    await writer.foldStrokes('case 2', 'heart', by);
    expect(writer.case('case 2')?.labels[1]).toMatchObject({ state: 'drawn' });
    expect(await writer.mask('case 2', 'heart')).toEqual(c);
  });

  it('makes no revision if the drawing was undone', async () => {
    const a = (await writer.mask('case 1', 'lung')) ?? makeMask(16, 16, 0);
    const b = makeMask(16, 16, 70);
    writer.appendStroke('case 1', 'lung', step(a, b), by);
    writer.appendStroke('case 1', 'lung', step(b, a), by);
    expect(await writer.foldStrokes('case 1', 'lung', by)).toMatchObject({ number: 1 });
    expect(writer.strokes('case 1', 'lung')).toEqual([]);
  });

  it('leaves a label absent if what was drawn on it was removed again', async () => {
    const none = { width: 16, height: 16, data: new Uint8Array(256) };
    const drawn = makeMask(16, 16, 60);
    writer.appendStroke('case 2', 'heart', step(none, drawn), by);
    writer.appendStroke('case 2', 'heart', step(drawn, none), by);
    expect(await writer.foldStrokes('case 2', 'heart', by)).toBeNull();
    expect(writer.strokes('case 2', 'heart')).toEqual([]);
    expect(writer.case('case 2')?.labels[1]).toMatchObject({ state: 'absent', changed: false });
    expect(await writer.verify()).toEqual([]);
  });

  it('becomes a revision before a mask is replaced', async () => {
    const a = (await writer.mask('case 1', 'lung')) ?? makeMask(16, 16, 0);
    const [b, c] = [makeMask(16, 16, 80), makeMask(16, 16, 81)];
    writer.appendStroke('case 1', 'lung', step(a, b), by);
    await writer.addRevision('case 1', 'lung', c, { author: 'Grace', reason: 'replace' });
    expect(
      writer
        .revisions('case 1', 'lung')
        .map((item) => item.author)
        .slice(1),
    ).toEqual(['Ada', 'Grace']);
    expect(await writer.mask('case 1', 'lung', 2)).toEqual(b);
    expect(await writer.mask('case 1', 'lung')).toEqual(c);
  });

  it('refuses a stroke outside the image', () => {
    const stroke = { ...step(makeMask(16, 16, 1), makeMask(16, 16, 2)), x: 1 };
    expect(() => writer.appendStroke('case 1', 'lung', stroke, by)).toThrow(/leaves the image/);
    expect(writer.strokes('case 1', 'lung')).toEqual([]);
  });
});

describe('runs and scores', () => {
  const score = (structure: string, learned: number): LabelScore => ({
    case: 'case 1',
    structure,
    mask: 'a'.repeat(64),
    caseScore: -1.5,
    learned,
    dice: 0.9,
    disagreement: 0.1,
    softmin: 0.8,
    area: 0.25,
    proposalArea: 0.2,
    boundary: null,
    boundaryOff: 0.5,
    kind: 'part-missing',
    place: { x: 0.3, y: 0.4, left: 0.25, top: 0.25, width: 0.125, height: 0.5 },
  });

  it('are stored with the folder, the summary and the status of the run', () => {
    expect(writer.lastRun()).toBeNull();
    const first = writer.startRun({ epochs: 30 });
    expect(first).toMatchObject({ status: 'running', config: { epochs: 30 }, endedAt: null });
    expect(existsSync(writer.runFolder(first.id))).toBe(true);
    writer.endRun(first.id, { status: 'done', summary: { dice: 0.91 } });
    const second = writer.startRun({ epochs: 2 });
    writer.endRun(second.id, { status: 'failed', error: 'out of memory' });
    expect(writer.runs().map((run) => run.status)).toEqual(['done', 'failed']);
    expect(writer.run(second.id)?.error).toBe('out of memory');
    expect(writer.lastRun()?.id).toBe(first.id);
    expect(() => writer.endRun('nope', { status: 'done' })).toThrow(/no run "nope"/);
    expect(() => writer.runFolder('../x')).toThrow(/not a run's name/);
    expect(actions().filter((action) => action === 'run')).toHaveLength(2);
  });

  it('are replaced per model and label, and a batch is saved as a whole or not at all', async () => {
    writer.saveScores('m1', [score('lung', -1), score('heart', 2)]);
    writer.saveScores('m1', [score('heart', 3)]);
    writer.saveScores('m2', [score('lung', 0)]);
    const reader = await openProject(place.project);
    expect(reader.scores('m1')).toEqual([score('lung', -1), score('heart', 3)]);
    expect(reader.scoredModels().map(({ model, labels }) => [model, labels])).toEqual([
      ['m1', 2],
      ['m2', 1],
    ]);
    expect(() => writer.saveScores('m3', [score('lung', 1), score('heart', NaN)])).toThrow(
      /not a number/,
    );
    expect(() => writer.saveScores('m3', [score('lung', 1), score('liver', 1)])).toThrow(
      /no structure/,
    );
    expect(reader.scores('m3')).toEqual([]);
    reader.close();
  });
});
