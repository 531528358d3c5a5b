/** Runs before each test file that needs no browser. */
import { afterEach } from 'vitest';
import { removeFoldersOfTest } from './temporary.ts';

afterEach(removeFoldersOfTest);
