/** Requests and responses of the route for the structures of the open project. */
import { z } from 'zod';
import { STRUCTURE_NAME, Structure, StructureName } from '../terms.ts';

/** One structure of the project, also a removed one. */
export const StructureRow = Structure.extend({
  /** Whether a person removed it: its labels are kept, and it can be restored. */
  removed: z.boolean(),
  /** Number of its labels, empty ones included. */
  labels: z.number().int().nonnegative(),
  /** Number of those labels that a person drew, changed or judged. */
  worked: z.number().int().nonnegative(),
});
export type StructureRow = z.infer<typeof StructureRow>;

export const StructureList = z.object({ structures: z.array(StructureRow) });
export type StructureList = z.infer<typeof StructureList>;

const NewName = z
  .string()
  .trim()
  .regex(STRUCTURE_NAME, 'must be up to 64 letters, digits, spaces, “-” and “_”');

/** A change of one structure, which `name` names as it is called before the change. */
export const StructureChange = z.discriminatedUnion('change', [
  z.object({ change: z.literal('add'), name: NewName, colour: Structure.shape.colour }),
  z.object({ change: z.literal('rename'), name: StructureName, to: NewName }),
  z.object({ change: z.literal('recolour'), name: StructureName, colour: Structure.shape.colour }),
  z.object({ change: z.literal('remove'), name: StructureName }),
  z.object({ change: z.literal('restore'), name: StructureName }),
]);
export type StructureChange = z.infer<typeof StructureChange>;
