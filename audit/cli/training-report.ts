/** Reports a training: one line at the start, one for each epoch, and warnings. */
import { counted, decimal, duration, integer, timeLeft } from '../contract/words.ts';
import { partName, runParts } from '../contract/run-parts.ts';
import type { RunParts } from '../contract/run-parts.ts';
import type { Run } from '../store/types.ts';
import { RunConfig } from '../training/config.ts';
import type { EpochMetrics, TrainerMessage } from '../../trainer/messages.ts';
import { quoted } from './terminal.ts';
import type { Terminal } from './terminal.ts';

export interface TrainingReport {
  /** Begins the report on a training outside a project, as in a benchmark. In a project `run` does this. */
  begin(structures: readonly string[], epochs: number): void;
  run(run: Run): void;
  /** @param part the fold or pair that trains, from 1; null if the run has neither */
  message(message: TrainerMessage, part: number | null): void;
  end(run: Run, folder: string): void;
}

type Started = Extract<TrainerMessage, { type: 'started' }>;

/** The first line of the report: networks, backend, device, data. */
function describeStart(started: Started): string {
  const { segmenterParameters, qamParameters, backend, device, cases, validation } = started;
  const held = validation > 0 ? `, ${validation} for validation` : '';
  return (
    `Segmenter ${integer(segmenterParameters)} parameters, QAM ${integer(qamParameters)}; ` +
    `${backend} on ${device}; ${counted(cases, 'case')}${held}, ${counted(started.stepsPerEpoch, 'step')} an epoch`
  );
}

/** `validation dice lung 0.951 heart 0.913`, or the training cases' dice if no case is for validation. */
function describeDice(metrics: EpochMetrics, structures: readonly string[]): string {
  const held = metrics.validationDice;
  const dice = (held ?? metrics.trainDice).map((value, index) => {
    const name = structures[index] ?? `#${index + 1}`;
    return `${name} ${decimal(value, 3)}`;
  });
  return `${held === null ? 'dice' : 'validation dice'} ${dice.join(' ')}`;
}

/** The report's line about an epoch. @param left seconds left, or null if unknown */
function describeEpoch(
  metrics: EpochMetrics,
  epochs: number,
  structures: readonly string[],
  left: number | null,
): string {
  const number = String(metrics.epoch).padStart(String(epochs).length);
  const parts = [
    `Epoch ${number}/${epochs}`,
    metrics.phase,
    `loss ${decimal(metrics.loss, 4)}`,
    describeDice(metrics, structures),
    duration(metrics.seconds),
  ];
  if (left !== null) parts.push(timeLeft(left));
  return parts.join('  ');
}

/**
 * Where and how a training is reported. `lines`: as lines on standard output. `json`: every message of
 * the trainer except progress, as a JSON line on standard output. `progress`: as lines on standard error,
 * where the line of progress is shown, too.
 */
export type ReportStyle = 'lines' | 'json' | 'progress';

export function createTrainingReport(terminal: Terminal, style: ReportStyle): TrainingReport {
  const json = style === 'json';
  const line = (text: string): void => {
    if (style === 'progress') terminal.say(text);
    else terminal.print(text);
  };
  let structures: readonly string[] = [];
  let epochs = 0;
  let parts: RunParts | null = null;
  let secondsLeft: number | null = null;

  const tell = (message: TrainerMessage, prefix: string): void => {
    switch (message.type) {
      case 'progress': {
        const { done, total } = message;
        terminal.progress({ task: 'train', message: message.message, done, total, secondsLeft });
        break;
      }
      case 'started':
        line(prefix + describeStart(message));
        if (message.epoch > 0) terminal.say(`Continuing after epoch ${message.epoch}.`);
        break;
      case 'step': {
        secondsLeft = message.secondsLeft;
        const done = (message.epoch - 1) * message.steps + message.step;
        terminal.progress({
          task: 'train',
          message: `${prefix}Epoch ${message.epoch}`,
          done,
          total: epochs * message.steps,
          secondsLeft,
        });
        break;
      }
      case 'epoch': {
        const left = message.metrics.epoch < epochs ? secondsLeft : null;
        line(prefix + describeEpoch(message.metrics, epochs, structures, left));
        break;
      }
      case 'warmed-up':
        terminal.say(`${prefix}The quality network joins: ${message.because}`);
        break;
      case 'learned':
        for (const { structure, why } of message.reports) {
          if (why === null) continue;
          terminal.say(
            `${prefix}Warning: the ${structure} was not learned, so its labels are not ranked: ${why}.`,
          );
        }
        break;
      case 'collapse':
        if (message.report.collapsed) terminal.say(`${prefix}Warning: ${message.report.message}`);
        break;
      case 'notice':
        terminal.say(message.message);
        break;
      case 'paused':
      case 'resumed':
        terminal.say(`The training is ${message.type}.`);
        break;
      case 'cancelled':
        terminal.say(`Cancelled: the weights of epoch ${message.epoch} are kept.`);
        break;
      case 'checkpoint':
      case 'exported':
      case 'probed':
      case 'done':
      case 'failed':
        break;
    }
  };

  return {
    begin(names, planned) {
      structures = names;
      epochs = planned;
    },
    run(run) {
      const config = RunConfig.safeParse(run.config);
      if (config.success) {
        structures = config.data.structures;
        epochs = config.data.training.epochs;
        parts = runParts(config.data);
        if (parts?.word === 'Pair') {
          terminal.say(
            'Two pairs of networks are trained one after the other, and judge every label together.',
          );
        }
        const { startFrom } = config.data;
        if (startFrom !== null) {
          terminal.say(
            `Labels were corrected: the training starts from the weights of run ${startFrom}.`,
          );
        }
      }
      if (json) terminal.print(JSON.stringify({ type: 'run', run }));
    },
    message(message, part) {
      if (json) {
        if (message.type === 'progress') return;
        const key = parts?.word === 'Pair' ? 'pair' : 'fold';
        terminal.print(JSON.stringify(part === null ? message : { [key]: part, ...message }));
      } else if (part === null) tell(message, '');
      else tell(message, `${parts === null ? `Fold ${part}` : partName(parts, part)}: `);
    },
    end(run, folder) {
      if (json) terminal.print(JSON.stringify({ type: 'run', run }));
      else
        terminal.say(
          `Run ${run.id} is done. To see the worst labels: overread rank ${quoted(folder)}`,
        );
    },
  };
}
