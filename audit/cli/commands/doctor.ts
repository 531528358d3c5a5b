/** `overread doctor`: what this machine can do, and why not the rest. */
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
    ['Python', describeTool(machine.python, 'needed to set tensorflow up')],
    ['pip', describeTool(machine.pip, 'needed to set tensorflow up')],
    ['compiler', describeTool(machine.compiler, 'needed to set tensorflow up')],
    ['GPU', gpus.length === 0 ? 'no NVIDIA driver found' : gpus.join(', ')],
    ['desktop', desktop ? 'yes' : 'none: "overread open" prints an address instead'],
    ['cache', machine.cacheFolder + space],
    ['log', log],
  ];
}

export const registerDoctor: Register = (program, { terminal, signal, env }) => {
  program
    .command('doctor')
    .description('say what this machine can do: backends, GPU, desktop, and why not')
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
            ? 'No backend works here: nothing can be trained, labels can still be reviewed.'
            : `Training uses ${first.backend}.`,
        );
      }
    });
};
