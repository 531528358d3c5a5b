/**
 * A project's dataset as others hand theirs on: DICOM with DICOM-SEG and patients, one COCO file with
 * its images beside it, and labelme's files. Written by the built command's own exports.
 */
import { Buffer } from 'node:buffer';
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MAIN } from './serve.mjs';

/** Patient ID, explicit little endian, without a value. */
const NO_PATIENT = Buffer.from([0x10, 0x00, 0x20, 0x00, 0x4c, 0x4f, 0x00, 0x00]);

/**
 * Says whose image each DICOM file of a folder is: `P-1`, `P-2`, …
 * @param {string} folder
 */
function namePatients(folder) {
  for (const [index, name] of readdirSync(folder).sort().entries()) {
    const file = join(folder, name);
    const bytes = readFileSync(file);
    const at = bytes.indexOf(NO_PATIENT);
    if (at < 0) throw new Error(`${file} has a patient already`);
    // Of an even length, as DICOM wants it.
    const text = `P-${index + 1}`;
    const id = Buffer.from(text.length % 2 === 0 ? text : `${text} `);
    const element = Buffer.from([...NO_PATIENT.subarray(0, 6), id.length, 0, ...id]);
    const rest = bytes.subarray(at + NO_PATIENT.length);
    writeFileSync(file, Buffer.concat([bytes.subarray(0, at), element, rest]));
  }
}

/**
 * @param {string} project of phantoms, which name no patient
 * @param {string} root where the three are made
 * @returns {{ dicom: string, coco: string, labelme: string }} what a person drops: two folders and a file
 */
export function giveAs(project, root) {
  for (const format of ['dicom-seg', 'coco', 'labelme']) {
    const args = [MAIN, 'export', project, join(root, format), '--format', format];
    // What it says of each file is no news here; when it fails it is in the error.
    execFileSync(process.execPath, args, { stdio: 'pipe' });
  }
  namePatients(join(root, 'dicom-seg', 'images'));
  const coco = join(root, 'coco', 'annotations-train.json');
  renameSync(join(root, 'coco', 'annotations.json'), coco);
  return { dicom: join(root, 'dicom-seg'), coco, labelme: join(root, 'labelme') };
}
