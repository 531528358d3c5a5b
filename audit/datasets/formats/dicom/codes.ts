/** Finds SNOMED CT terms for structures by their names. Pure. */
import type { Code } from '../../../codecs/dicom/seg.ts';

const snomed = (value: string, meaning: string): Code => ({ value, scheme: 'SCT', meaning });

const CATEGORY = snomed('91723000', 'Anatomical Structure');
const ANY_ORGAN = snomed('91772007', 'Organ');
const SIDES: Readonly<Record<string, Code>> = {
  left: snomed('7771000', 'Left'),
  right: snomed('24028007', 'Right'),
};
/**
 * The codes of structures by their names, from DICOM's own list: PS3.16, context group 7151 and its
 * subgroups.
 */
const TYPES: Readonly<Record<string, Code>> = {
  aorta: snomed('15825003', 'Aorta'),
  breast: snomed('76752008', 'Breast'),
  clavicle: snomed('51299004', 'Clavicle'),
  diaphragm: snomed('5798000', 'Diaphragm'),
  femur: snomed('71341001', 'Femur'),
  hand: snomed('85562004', 'Hand'),
  heart: snomed('80891009', 'Heart'),
  humerus: snomed('85050009', 'Humerus'),
  liver: snomed('10200004', 'Liver'),
  lung: snomed('39607008', 'Lung'),
  mandible: snomed('91609006', 'Mandible'),
  mediastinum: snomed('72410000', 'Mediastinum'),
  patella: snomed('64234005', 'Patella'),
  rib: snomed('113197003', 'Rib'),
  scapula: snomed('79601000', 'Scapula'),
  skull: snomed('89546000', 'Skull'),
  spine: snomed('421060004', 'Spine'),
  sternum: snomed('56873002', 'Sternum'),
  tooth: snomed('38199008', 'Tooth'),
  trachea: snomed('44567001', 'Trachea'),
  vertebra: snomed('51282000', 'Vertebra'),
};

export interface StructureCodes {
  readonly category: Code;
  readonly type: Code;
  /** The side, or null if the name has none. */
  readonly modifier: Code | null;
}

/** The codes of a structure such as `Left lung` or `lungs`. A structure with an unknown name gets “Organ”. */
export function codesOf(structure: string): StructureCodes {
  const words = structure.toLowerCase().split(/[\s_-]+/);
  const typeOf = (word: string) => TYPES[word] ?? TYPES[word.replace(/s$/, '')];
  const types = words.map(typeOf).filter((code) => code !== undefined);
  const side = words.find((word) => SIDES[word] !== undefined);
  const rest = words.filter((word) => word !== side);
  // Besides the side, the name must be one known word: `heart shadow` is not a heart.
  const type = types.length === 1 && rest.length === 1 ? types[0] : ANY_ORGAN;
  return { category: CATEGORY, type, modifier: side === undefined ? null : SIDES[side] };
}
