/**
 * Exports a project as datasets of three other formats: DICOM with DICOM-SEG and patients, one COCO
 * file with its images beside it, and labelme's files. The built command writes them.
 */
import { Buffer } from 'node:buffer';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAIN } from './serve.mjs';

/** The DICOM element Patient ID without a value, in explicit little endian. */
const NO_PATIENT = Buffer.from([0x10, 0x00, 0x20, 0x00, 0x4c, 0x4f, 0x00, 0x00]);

/** Writes a patient into each DICOM file of a folder: `P-1`, `P-2`, … @param {string} folder */
function namePatients(folder) {
  for (const [index, name] of readdirSync(folder).sort().entries()) {
    const file = join(folder, name);
    const bytes = readFileSync(file);
    const at = bytes.indexOf(NO_PATIENT);
    if (at < 0) throw new Error(`${file} has a patient already`);
    // A value in DICOM has an even length, so a blank may follow.
    const text = `P-${index + 1}`;
    const id = Buffer.from(text.length % 2 === 0 ? text : `${text} `);
    const element = Buffer.from([...NO_PATIENT.subarray(0, 6), id.length, 0, ...id]);
    const rest = bytes.subarray(at + NO_PATIENT.length);
    writeFileSync(file, Buffer.concat([bytes.subarray(0, at), element, rest]));
  }
}

/**
 * @param {string} project whose images are phantoms and name no patient
 * @param {string} root folder in which the three datasets are made
 * @returns {{ dicom: string, coco: string, labelme: string }} the paths that a person drops: two
 *   folders and COCO's file
 */
export function giveAs(project, root) {
  for (const format of ['dicom-seg', 'coco', 'labelme']) {
    const args = [MAIN, 'export', project, join(root, format), '--format', format];
    // The command's output is not shown. If it fails, the error contains the output.
    execFileSync(process.execPath, args, { stdio: 'pipe' });
  }
  namePatients(join(root, 'dicom-seg', 'images'));
  const coco = join(root, 'coco', 'annotations-train.json');
  renameSync(join(root, 'coco', 'annotations.json'), coco);
  return { dicom: join(root, 'dicom-seg'), coco, labelme: join(root, 'labelme') };
}
