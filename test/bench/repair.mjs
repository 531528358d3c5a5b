// What it takes to repair a damaged label with each tool, by the functions that the tools of the window use:
// 100 labels of phantoms (25 shifted, 25 with a part missing, 25 leaked, 25 too large) are brought to a dice of
// .97 by a simulated person who sees the truth. Presses and the pointer's way are counted, in millimetres of a film
// 350 mm wide, also the way from one press to the next. A press, or a change of the brush's size, counts as 10 mm.
// What a tool cannot do, the brush does. Slightly warped true masks stand for a model's proposals. The reference is
// the brush alone.
// Options: --each N (25), labels of each kind; --kind NAME, only this kind; --markdown, also prints the table.
import { parseArgs } from 'node:util';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

/** The most work of the best tool that meets the goal, as a share of the brush's. */
const GOAL = 0.5;

export default async function repair(options) {
  const { values } = parseArgs({
    args: options,
    options: {
      each: { type: 'string', default: '25' },
      kind: { type: 'string', multiple: true },
      markdown: { type: 'boolean', default: false },
    },
  });
  const path = fileURLToPath(new URL('repair/simulate.ts', import.meta.url));
  const { module } = await runnerImport(path, { configFile: false, logLevel: 'error' });
  const found = module.simulate(values.kind ?? module.KINDS, Number(values.each));
  const kinds = {};
  for (const [kind, tools] of Object.entries(found)) {
    const brush = tools.find(({ tool }) => tool === 'brush');
    const best = tools.reduce((a, b) => (b.work < a.work ? b : a));
    console.error(`${kind}: dice of the proposals ${brush.proposal.toFixed(3)}`);
    for (const { tool, presses, millimetres, work, reached } of tools) {
      const words = `${presses.toFixed(1)} presses, ${millimetres.toFixed(0)} mm, work ${work.toFixed(0)} mm`;
      console.error(`${kind}, ${tool}: ${words}, ${(100 * reached).toFixed(0)} % reached .97`);
    }
    const ratio = Number((best.work / brush.work).toFixed(3));
    kinds[kind] = { best: best.tool, ratio, met: ratio <= GOAL };
  }
  if (values.markdown) console.error(table(found));
  const ratio = Math.max(...Object.values(kinds).map((kind) => kind.ratio));
  return { reference: 'the brush', ratio, met: ratio <= GOAL, kinds };
}

/** Work in millimetres of each tool by kind of damage; the best is bold. */
function table(found) {
  const kinds = Object.keys(found);
  const tools = found[kinds[0]].map(({ tool }) => tool);
  const cell = (kind, tool) => {
    const { work, presses } = found[kind].find((one) => one.tool === tool);
    const text = `${work.toFixed(0)} mm (${presses.toFixed(1)})`;
    return found[kind].every((one) => one.work >= work) ? `**${text}**` : text;
  };
  return [
    `| tool | ${kinds.join(' | ')} |`,
    `| --- |${kinds.map(() => ' --- |').join('')}`,
    ...tools.map((tool) => `| ${tool} | ${kinds.map((kind) => cell(kind, tool)).join(' | ')} |`),
  ].join('\n');
}
