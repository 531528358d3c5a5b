/** The report of a benchmark in a folder of the server's machine. */
import type { BenchmarkReport } from '../../audit/contract/api.ts';
import { client, sentenceOf } from '../shared/api.ts';
import { folders } from '../shared/folders.svelte.ts';
import { route } from '../shared/route.svelte.ts';

export class BenchmarkView {
  readonly folder: string;
  report = $state.raw<BenchmarkReport | null>(null);
  problem = $state<string | null>(null);
  loading = $state(false);

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Reads the current results. A running benchmark adds to them, so this may be called again. */
  async load(): Promise<void> {
    this.loading = true;
    try {
      this.report = await client.benchmark(this.folder);
      this.problem = null;
    } catch (error) {
      this.problem = sentenceOf(error);
    } finally {
      this.loading = false;
    }
  }
}

/** Asks for a benchmark's folder and shows the benchmark's report. */
export async function openBenchmark(): Promise<void> {
  const folder = await folders.ask({ title: 'Folder of a benchmark’s results', kind: 'folder' });
  if (folder !== null) route.go('benchmark', folder);
}
