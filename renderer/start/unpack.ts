/** Proposes the folder into which a project is unpacked: beside its file. Pure. */
import { PACK_NAME } from '../../audit/contract/terms.ts';

/** `chest.overread` for `chest.overread.zip`; an empty text for other names. */
export function folderFor(file: string): string {
  return PACK_NAME.test(file.trim()) ? file.trim().replace(/\.zip$/i, '') : '';
}
