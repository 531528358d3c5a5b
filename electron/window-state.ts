/** Keeps the window's place and size between launches. */
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
  /** Place and size when the window is neither maximised nor full screen; null before the first launch. */
  bounds: Bounds.nullable(),
  maximised: z.boolean(),
  fullScreen: z.boolean(),
});
export type WindowState = z.infer<typeof WindowState>;

export const SMALLEST = { width: 960, height: 640 } as const;
export const FIRST = { width: 1440, height: 900 } as const;
/** This many pixels of the window's top edge must lie on a screen, so that a person can drag it. */
const GRIP = 80;

/** Reads the state; a file that is missing or damaged gives the state of a first launch. */
export function readWindowState(file: string): WindowState {
  const nothing: WindowState = { bounds: null, maximised: false, fullScreen: false };
  try {
    const parsed = WindowState.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.data : nothing;
  } catch {
    return nothing;
  }
}

/**
 * Writes a temporary file and renames it, so the state is never half written. Errors are ignored: without a
 * state the next window opens in the middle.
 */
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
 * Place and size of a new window: the kept place and size if the title bar can be reached on one of the
 * screens, else the kept size without a place, and Electron centres the window. The size is limited to the
 * screen, but is at least `SMALLEST`.
 * @param kept null at the first launch, which has the size `FIRST`
 * @param screens work areas, that of the main screen first
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
