// Mutations of texts: a field dropped, doubled or of another type, huge numbers, paths that lead out of
// the dataset, strange characters in names.

const LONG = 'x'.repeat(300_000);
const DEEP = 20_000;

/** Replacements for a field, as the text between quotes. */
const TEXTS = [
  '',
  'x',
  ' ',
  '../../../../etc/passwd',
  '../outside/secret.png',
  '/etc/passwd',
  'C:\\Windows\\x.png',
  '\\\\server\\share\\a.png',
  'a\nb',
  'a\u0000b',
  '\u202egnp.a',
  'e\u0301\ufeff\u200b',
  '😀胸'.repeat(3),
  '__proto__',
  'constructor',
  '<b>&amp;</b>',
  '%00%2e%2e/',
  'CON',
  '.',
  '..',
  LONG,
];

/** Replacements for a number, as text. */
const NUMBERS = [
  '-1',
  '0',
  '1',
  '0.5',
  '-0.0001',
  '255',
  '65536',
  '4294967296',
  '2147483647',
  '99999999999999999999',
  '1e308',
  '-1e308',
  '1e999',
  'NaN',
  'Infinity',
  '0x10',
  '1_000',
  '007',
];

const one = (list, numbers) => list[numbers.below(list.length)];

function jsonValue(numbers) {
  switch (numbers.below(8)) {
    case 0:
    case 1:
      return JSON.stringify(one(TEXTS, numbers));
    case 2:
    case 3:
      return one(NUMBERS, numbers);
    case 4:
      return one(['null', 'true', '[]', '{}', '[null]', '"\\ud800"', '{"a":{}}'], numbers);
    case 5:
      return '['.repeat(DEEP) + ']'.repeat(DEEP);
    case 6:
      return '{"a":'.repeat(DEEP) + '1' + '}'.repeat(DEEP);
    default:
      return `[${Array(50_000).fill(one(NUMBERS, numbers)).join(',')}]`;
  }
}

/**
 * All members of a JSON value, recursively, each as the object or array that holds it and its key.
 */
function placesOf(value, found = []) {
  if (typeof value !== 'object' || value === null) return found;
  for (const key of Object.keys(value)) {
    found.push([value, key]);
    placesOf(value[key], found);
  }
  return found;
}

const copyOf = (value) => JSON.parse(JSON.stringify(value));

function mutateJson(text, numbers) {
  const value = JSON.parse(text);
  const places = placesOf(value);
  if (places.length === 0) return jsonValue(numbers);
  const [parent, key] = one(places, numbers);
  const [other, otherKey] = one(places, numbers);
  // Stands for text that JSON.stringify cannot write, and is replaced by that text afterwards.
  const mark = '@raw@';
  let raw = '';
  switch (numbers.below(9)) {
    case 0:
      if (Array.isArray(parent)) parent.splice(Number(key), 1);
      else delete parent[key];
      break;
    case 1: {
      const copy = copyOf(parent[key]);
      if (Array.isArray(parent)) parent.splice(Number(key), 0, copy);
      else parent[`${key} `] = copy;
      break;
    }
    case 2: {
      // Writes the same key twice.
      if (Array.isArray(parent)) parent.push(copyOf(parent[key]));
      else {
        raw = `${JSON.stringify(parent[key])},${JSON.stringify(key)}:${jsonValue(numbers)}`;
        parent[key] = mark;
      }
      break;
    }
    case 3: {
      const copy = copyOf(other[otherKey]);
      parent[key] = copy;
      break;
    }
    case 4:
      parent[key] = typeof parent[key] === 'object' ? JSON.stringify(parent[key]) : [parent[key]];
      break;
    case 5:
      if (typeof parent[key] === 'number') parent[key] = String(parent[key]);
      else if (!Array.isArray(parent)) {
        const copy = parent[key];
        delete parent[key];
        Object.defineProperty(parent, one(TEXTS, numbers), { value: copy, enumerable: true });
      }
      break;
    default:
      raw = jsonValue(numbers);
      parent[key] = mark;
  }
  return JSON.stringify(value, null, numbers.below(2)).replace(`"${mark}"`, () => raw);
}

/** Replaces a random match of `pattern`. */
function replaceOne(text, pattern, numbers, make) {
  const found = [...text.matchAll(pattern)];
  if (found.length === 0) return text + make('');
  const match = one(found, numbers);
  const end = match.index + match[0].length;
  return text.slice(0, match.index) + make(match[0]) + text.slice(end);
}

const scalar = (numbers) => (numbers.below(2) === 0 ? one(TEXTS, numbers) : one(NUMBERS, numbers));

function mutateXml(text, numbers) {
  const element = /<(\w+)[^>]*?(\/>|>[^<]*<\/\1>)/g;
  switch (numbers.below(9)) {
    case 0:
      return replaceOne(text, / [\w:]+="[^"]*"/g, numbers, () => '');
    case 1:
      return replaceOne(text, / [\w:]+="[^"]*"/g, numbers, (found) => found + found);
    case 2:
      return replaceOne(text, element, numbers, () => '');
    case 3:
      return replaceOne(text, element, numbers, (found) => found.repeat(2 + numbers.below(50)));
    case 4:
      return replaceOne(
        text,
        /<\/?\w+/g,
        numbers,
        () => `<${one(['/x', 'a:b', 'track'], numbers)}`,
      );
    case 5:
      return replaceOne(text, element, numbers, () => '<a>'.repeat(DEEP) + '</a>'.repeat(DEEP));
    case 6: {
      const many = '&a;'.repeat(100);
      const entities = `<!DOCTYPE x [<!ENTITY a "${'y'.repeat(1000)}"><!ENTITY b "${many}">]>`;
      return replaceOne(entities + text, /="[^"]*"/g, numbers, () => `="&b;"`);
    }
    default:
      return replaceOne(text, /(?<==")[^"]*(?=")/g, numbers, () =>
        scalar(numbers).replaceAll('"', '').replaceAll('<', '&lt;'),
      );
  }
}

/** Mutates text in lines of fields: CSV, YOLO, lists of names, YAML. */
function mutateLines(text, numbers) {
  const lines = text.split('\n');
  const at = numbers.below(lines.length);
  const field = /[^\s,:;[\]{}'"]+/g;
  switch (numbers.below(9)) {
    case 0:
      lines.splice(at, 1);
      break;
    case 1:
      lines.splice(at, 0, lines[at]);
      break;
    case 2:
      lines[at] = replaceOne(lines[at], field, numbers, () => '');
      break;
    case 3:
      lines[at] = replaceOne(lines[at], field, numbers, (found) => `${found} ${found},${found}`);
      break;
    case 4:
      lines[at] = replaceOne(lines[at], /[\s,:;[\]{}'"]/g, numbers, () =>
        one([...',:; "\t[{'], numbers),
      );
      break;
    case 5:
      lines.splice(at, 0, ...Array(1 + numbers.below(2000)).fill(lines[at]));
      break;
    default:
      lines[at] = replaceOne(lines[at], field, numbers, () => scalar(numbers));
  }
  return lines.join('\n');
}

function mutateYaml(text, numbers) {
  switch (numbers.below(8)) {
    case 0: {
      // Nested lists of aliases: each list contains the previous list ten times.
      const ranks = Array.from({ length: 9 }, (_, i) => {
        const part = i === 0 ? 'x' : `*a${i - 1}`;
        return `a${i}: &a${i} [${Array(10).fill(part).join(', ')}]\n`;
      });
      return `${ranks.join('')}${text.replace(/names:[^]*$/, 'names: *a8\n')}`;
    }
    case 1:
      return `${'['.repeat(DEEP)}${text}`;
    case 2:
      return replaceOne(text, /: .*$/gm, numbers, () => `: ${jsonValue(numbers)}`);
    default:
      return mutateLines(text, numbers);
  }
}

const MUTATE = { json: mutateJson, xml: mutateXml, yaml: mutateYaml, lines: mutateLines };

/** Makes one mutation of a text. @param kind of the text: `json`, `xml`, `yaml` or `lines` */
export function mutateText(text, kind, numbers) {
  return MUTATE[kind](text, numbers);
}
