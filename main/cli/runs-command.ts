import { realpathSync } from 'node:fs';
import type { Run } from '../../contract/index.ts';
import { joinEngine } from './join-engine.ts';
import { jsonText } from './json-text.ts';

export interface RunsOptions {
  readonly home: string;
  readonly project?: string;
  readonly limit: number;
  readonly json?: boolean;
}

/** `benchtop runs`: a line each, or JSON with everything that is known of each run. */
export async function runsCommand(filter: string, options: RunsOptions): Promise<void> {
  const engine = await joinEngine(options.home);
  try {
    const project =
      options.project === undefined
        ? undefined
        : await engine.api.projects.open({ path: realpathSync(options.project) });
    const page = await engine.api.tracking.searchRuns({
      text: filter,
      limit: options.limit,
      ...(project === undefined ? {} : { projectId: project.id }),
    });
    if (options.json) console.log(jsonText(page.runs));
    else if (page.runs.length === 0) console.log(`No runs${filter === '' ? '' : ` match ${filter}`}.`);
    else {
      for (const run of page.runs) console.log(lineOf(run));
      if (page.matched > page.runs.length) console.log(`first ${page.runs.length} of ${page.matched}`);
    }
  } finally {
    engine.close();
  }
}

function lineOf(run: Run): string {
  const metrics = Object.entries(run.metrics)
    .filter(([key]) => !key.startsWith('system/'))
    .slice(0, 4)
    .map(([key, { last }]) => `${key}=${Number(last.toPrecision(4))}`);
  const started = new Date(run.startedAt ?? run.createdAt).toISOString().slice(0, 16).replace('T', ' ');
  return [run.id.slice(0, 8), run.status.padEnd(8), started, run.name, ...metrics].join('  ');
}
