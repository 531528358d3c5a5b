/**
 * The colours in which the window shows structures: those of the project, or those that colour-blind people can tell
 * apart. The choice is kept in the browser's storage.
 */
import type { ProjectInfo } from '../../audit/contract/api.ts';
import { STRUCTURE_COLOURS } from '../../audit/contract/terms.ts';
import type { Structure } from '../../audit/contract/terms.ts';

const KEY = 'overread.colours';

function isSafeKept(): boolean {
  try {
    return localStorage.getItem(KEY) === 'safe';
  } catch {
    return false;
  }
}

class Colours {
  #safe = $state(isSafeKept());

  /** Whether structures have the colours that colour-blind people can tell apart. */
  get safe(): boolean {
    return this.#safe;
  }

  set safe(on: boolean) {
    this.#safe = on;
    try {
      localStorage.setItem(KEY, on ? 'safe' : 'own');
    } catch {
      // Without storage the next start begins with the project's colours.
    }
  }
}

export const colours = new Colours();

/** A structure whose colour follows the person's choice. */
class ColouredStructure implements Structure {
  readonly name: string;
  readonly #own: string;
  readonly #safe: string;

  constructor(name: string, own: string, safe: string) {
    this.name = name;
    this.#own = own;
    this.#safe = safe;
  }

  get colour(): string {
    return colours.safe ? this.#safe : this.#own;
  }
}

/**
 * The project with colours that follow the person's choice. A structure whose colour another one has already gets
 * the first colour that none has.
 */
export function coloured(project: ProjectInfo): ProjectInfo {
  const taken = new Set(project.structures.map(({ colour }) => colour));
  const seen = new Set<string>();
  const structures = project.structures.map(({ name, colour }, index) => {
    const free = STRUCTURE_COLOURS.find((each) => !taken.has(each)) ?? colour;
    const own = seen.has(colour) ? free : colour;
    seen.add(own);
    taken.add(own);
    return new ColouredStructure(name, own, STRUCTURE_COLOURS[index % STRUCTURE_COLOURS.length]);
  });
  return { ...project, structures };
}
