/** Says why a text is no JSON. Pure. */

/** NaN and Infinity as a value. Python writes them into JSON, which does not have them. */
const NOT_A_NUMBER = /[[:,]\s*(NaN|-?Infinity)\s*[,\]}]/;

/** The rest of a sentence that begins with the file's name, or with “entry 3 of it”. */
export function whyNoJson(text: string): string {
  const value = NOT_A_NUMBER.exec(text)?.[1];
  return value === undefined
    ? 'is broken; write it again.'
    : `holds ${value}, which is no number of JSON: correct it, and write it again.`;
}
