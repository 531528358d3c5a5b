/** Where the window was and how large, kept between launches. */
import { readFileSync } from 'node:fs';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

const Bounds = z.object({
  x: z.number().int(),
  y: z.number().int(),
  width: z.number().int().min(200).max(20_000),
  height: z.number().int().min(200).max(20_000),
});
export type Bounds = z.infer<typeof Bounds>;

export const WindowState = z.object({
  /** Of the window when it is neither maximised nor full screen. */
  bounds: Bounds.nullable(),
  maximised: z.boolean(),
  fullScreen: z.boolean(),
});
export type WindowState = z.infer<typeof WindowState>;

export const SMALLEST = { width: 960, height: 640 } as const;
export const FIRST = { width: 1440, height: 900 } as const;
/** So much of the window's top edge must lie on a screen, or nobody could drag it. */
const GRIP = 80;

/** The kept state. A file that is missing or damaged counts as never written. */
export function readWindowState(file: string): WindowState {
  const nothing: WindowState = { bounds: null, maximised: false, fullScreen: false };
  try {
    const parsed = WindowState.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.data : nothing;
  } catch {
    return nothing;
  }
}

/** Written whole, under a temporary name first. Failing to remember a window harms nobody. */
export function writeWindowState(file: string, state: WindowState): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.part`, JSON.stringify(state));
    renameSync(`${file}.part`, file);
  } catch {
    return;
  }
}

/**
 * The bounds to open with on today's screens: the kept ones if the title bar can be reached there,
 * else the kept size without a position (Electron centres it). Never larger than the screen.
 * @param screens work areas, the main one first
 */
export function fitBounds(
  kept: Bounds | null,
  screens: readonly Bounds[],
): { x?: number; y?: number; width: number; height: number } {
  const [main] = screens;
  const screen =
    kept &&
    screens.find((area) => {
      const left = Math.max(area.x, kept.x);
      const right = Math.min(area.x + area.width, kept.x + kept.width);
      return right - left >= GRIP && kept.y >= area.y - 8 && kept.y < area.y + area.height - GRIP;
    });
  const area = screen ?? main;
  const wanted = kept ?? FIRST;
  const width = Math.max(SMALLEST.width, Math.min(wanted.width, area?.width ?? wanted.width));
  const height = Math.max(SMALLEST.height, Math.min(wanted.height, area?.height ?? wanted.height));
  return kept && screen ? { x: kept.x, y: kept.y, width, height } : { width, height };
}
