// npm run bench -- NAME [options]: runs test/bench/NAME.mjs and prints its result as one line of JSON.
// Progress and remarks go to standard error.
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const folder = dirname(fileURLToPath(import.meta.url));
const names = readdirSync(folder)
  .filter((file) => file.endsWith('.mjs') && file !== 'run.mjs')
  .map((file) => file.replace(/\.mjs$/, ''));
const [name, ...options] = process.argv.slice(2);
if (!names.includes(name)) {
  console.error(`Usage: npm run bench -- NAME, with NAME one of ${names.join(', ')}.`);
  process.exit(2);
}
try {
  const { default: bench } = await import(pathToFileURL(join(folder, `${name}.mjs`)).href);
  console.log(JSON.stringify({ bench: name, ...(await bench(options)) }));
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
}
