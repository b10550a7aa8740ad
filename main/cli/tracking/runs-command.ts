import { realpathSync } from 'node:fs';
import { runningMs, BenchtopError, type Run, type RunOrder } from '../../../contract/index.ts';
import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { textColumns } from '../text-columns.ts';

export interface RunsOptions {
  readonly home: string;
  readonly filter: string;
  readonly order: readonly RunOrder[];
  readonly columns?: readonly string[];
  readonly deleted?: boolean;
  readonly evidence?: boolean;
  readonly project?: string;
  readonly limit: number;
  readonly json?: boolean;
}

/** As many as the engine gives at once. */
const pageRuns = 1000;

/** `benchtop runs`: a line each, or JSON with everything that is known of each run. */
export async function runsCommand(options: RunsOptions): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const project =
      options.project === undefined
        ? undefined
        : await engine.api.projects.open({ path: realpathSync(options.project) });
    const choice = {
      text: options.filter,
      deleted: options.deleted === true,
      evidence: options.evidence === true,
      ...(project === undefined ? {} : { projectId: project.id }),
    };
    const runs: Run[] = [];
    for (let after: string | null | undefined; after !== null && runs.length < options.limit;) {
      const page = await engine.api.tracking.searchRuns({
        ...choice,
        ...(options.order.length === 0 ? {} : { order: [...options.order] }),
        limit: Math.min(pageRuns, options.limit - runs.length),
        ...(after === undefined ? {} : { after }),
      });
      runs.push(...page.runs);
      after = page.next;
    }
    if (options.json) return console.log(jsonText(runs));
    if (runs.length === 0)
      return console.log(`No runs${options.filter === '' ? '' : ` match ${options.filter}`}.`);
    const lines =
      options.columns === undefined
        ? runs.map(lineOf)
        : textColumns([
            ['RUN', ...options.columns],
            ...runs.map((run) => [
              run.id.slice(0, 8),
              ...(options.columns ?? []).map((name) => cellOf(run, name)),
            ]),
          ]);
    for (const line of lines) console.log(line);
    const { matched } = await engine.api.tracking.countRuns(choice);
    if (matched > runs.length) console.log(`first ${runs.length} of ${matched}`);
  });
}

function lineOf(run: Run): string {
  const metrics = Object.entries(run.metrics)
    .filter(([key]) => !key.startsWith('system/'))
    .slice(0, 4)
    .map(([key, { last }]) => `${key}=${Number.isInteger(last) ? last : Number(last.toPrecision(4))}`);
  const started = momentText(run.startedAt ?? run.createdAt);
  return [run.id.slice(0, 8), run.status.padEnd(8), started, run.name, ...metrics].join('  ');
}

const momentText = (at: number | null) =>
  at === null ? '-' : new Date(at).toISOString().slice(0, 16).replace('T', ' ');

const secondsText = (run: Run) => String((runningMs(run, run.endedAt ?? 0) ?? 0) / 1000);

const facts: Readonly<Record<string, (run: Run) => string>> = {
  id: (run) => run.id,
  name: (run) => run.name,
  status: (run) => run.status,
  created: (run) => momentText(run.createdAt),
  started: (run) => momentText(run.startedAt),
  ended: (run) => momentText(run.endedAt),
  duration: (run) => (run.startedAt === null || run.endedAt === null ? '-' : secondsText(run)),
  command: (run) => run.command.join(' '),
  note: (run) => run.note,
  starred: (run) => (run.isStarred ? '*' : ''),
  experiment: (run) => run.experimentId,
};

function cellOf(run: Run, name: string): string {
  const dot = name.indexOf('.');
  const key = name.slice(dot + 1);
  const kind = dot < 0 ? '' : name.slice(0, dot);
  if (kind === 'params') return run.params[key] ?? '-';
  if (kind === 'tags') return (run.tags[key] ?? '-').replaceAll('\n', ' ');
  if (kind === 'metrics') return String(run.metrics[key]?.last ?? '-');
  const fact = Object.hasOwn(facts, name) ? facts[name] : undefined;
  if (fact !== undefined) return fact(run);
  throw new BenchtopError({
    code: 'invalid-input',
    what: `Runs have no column "${name}".`,
    next: `Use ${Object.keys(facts).join(', ')}, params.NAME, metrics.NAME or tags.NAME.`,
  });
}
