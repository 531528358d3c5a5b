/** Where a packed project goes unless the person says otherwise: beside its file. Pure. */
import { PACK_NAME } from '../../audit/contract/terms.ts';

/** `chest.overread` of `chest.overread.zip`; nothing where the name is not that of one. */
export function folderFor(file: string): string {
  return PACK_NAME.test(file.trim()) ? file.trim().replace(/\.zip$/i, '') : '';
}
