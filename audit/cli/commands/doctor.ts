/** `overread doctor`: says what works on this machine, and why other things do not work. */
import { bytes } from '../../contract/words.ts';
import { probeBackends } from '../../training/backends.ts';
import type { BackendReport } from '../../training/backends.ts';
import { logFolder } from '../../log/log.ts';
import { hasDesktop } from '../browser.ts';
import type { Register } from '../command.ts';
import { describeMachine } from '../../training/machine.ts';
import type { MachineDescription, Tool } from '../../training/machine.ts';

function describeTool({ name, version }: Tool, purpose: string): string {
  return version === null ? `not found (${purpose})` : `${name}: ${version}`;
}

function lines(machine: MachineDescription, desktop: boolean, log: string): [string, string][] {
  const { free, gpus } = machine;
  const space = free === null ? '' : ` (${bytes(free)} free)`;
  return [
    ['Node', machine.node],
    ['Python', describeTool(machine.python, 'needed to set up tensorflow')],
    ['pip', describeTool(machine.pip, 'needed to set up tensorflow')],
    ['compiler', describeTool(machine.compiler, 'needed to set up tensorflow')],
    ['GPU', gpus.length === 0 ? 'no NVIDIA driver found' : gpus.join(', ')],
    ['desktop', desktop ? 'yes' : 'no: "overread open" prints an address for a browser'],
    ['cache', machine.cacheFolder + space],
    ['log', log],
  ];
}

export const registerDoctor: Register = (program, { terminal, signal, env }) => {
  program
    .command('doctor')
    .description(
      'say what works on this machine (backends, GPU, desktop) and why the rest does not',
    )
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  overread doctor')
    .action(async (options: { json?: boolean }) => {
      const machine = await describeMachine(env);
      const desktop = hasDesktop(env);
      const log = logFolder(env);
      const told = lines(machine, desktop, log);
      if (options.json !== true) {
        for (const [name, text] of told) terminal.print(`${name.padEnd(10)}  ${text}`);
      }
      const tell = ({ backend, works, device, why }: BackendReport): void => {
        if (options.json === true) return;
        const text = works ? `works: ${device ?? ''}` : `does not work: ${why}`;
        terminal.print(`${backend.padEnd(10)}  ${text}`);
      };
      const backends = await probeBackends({ signal, onReport: tell });
      signal.throwIfAborted();
      if (options.json === true) {
        terminal.print(JSON.stringify({ ...machine, desktop, log, backends }, null, 1));
      } else {
        const first = backends.find(({ works }) => works);
        terminal.print(
          first === undefined
            ? 'No backend works here: labels can be reviewed, but nothing can be trained.'
            : `Training uses ${first.backend}.`,
        );
      }
    });
};
