import { existsSync, realpathSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import {
  BenchtopError,
  type ChunkRule,
  type EngineApi,
  type LateLabels,
  type MonitorReference,
  type WatchedPerformance,
} from '../../../contract/index.ts';
import { jsonText } from '../json-text.ts';
import { pipelineProject } from '../pipelines/pipeline-project.ts';
import { withEngine } from '../with-engine.ts';
import { monitorLines } from './monitor-text.ts';

export interface AddMonitorOptions {
  readonly home: string;
  readonly project?: string;
  readonly reference: string;
  readonly from?: string;
  readonly before?: string;
  readonly every?: Extract<ChunkRule, { by: 'time' }>['every'];
  readonly time?: string;
  readonly rows?: number;
  readonly model?: string;
  readonly prediction?: string;
  readonly probability?: string | Record<string, string>;
  readonly label?: string;
  readonly positive?: string;
  readonly labels?: string;
  readonly id?: string;
  readonly labelTime?: string;
  readonly maturity?: number;
  readonly predictedAt?: string;
  readonly ignore: string[];
  readonly leastMoved?: number;
  readonly quietChunks: number;
  readonly cron?: string;
  readonly watch?: boolean;
  readonly timeZone?: string;
  readonly json?: boolean;
}

/** `benchtop monitor add`. */
export async function addMonitor(name: string, source: string, options: AddMonitorOptions): Promise<void> {
  await withEngine(options.home, async ({ api }) => {
    const project = await pipelineProject(api, options.project);
    const place = (path: string) => placeOf(path, project.path);
    const path = place(source);
    const added = await api.monitoring.add({
      projectId: project.id,
      name,
      model: options.model ?? null,
      reference: await referenceOf(api, options, place),
      source: { path, chunks: chunksOf(options) },
      prediction: options.prediction ?? null,
      performance: performanceOf(options, place),
      ignored: options.ignore,
      leastMoved: options.leastMoved ?? null,
      quietChunks: options.quietChunks,
      schedule:
        options.cron !== undefined
          ? { kind: 'time', cron: options.cron }
          : options.watch
            ? { kind: 'files', path }
            : null,
      timeZone: options.timeZone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone,
    });
    if (options.json) return console.log(jsonText(added));
    for (const line of monitorLines([added], Date.now())) console.log(line);
    console.log(`Judge what there is with \`benchtop monitor run ${name}\`.`);
  });
}

/** Below the project a path is told from there, so that it stays right when the project moves. */
function placeOf(path: string, projectPath: string): string {
  const full = resolve(path);
  const below = relative(projectPath, existsSync(full) ? realpathSync(full) : full);
  return below === '' || below === '..' || below.startsWith(`..${sep}`) ? full : below;
}

async function referenceOf(
  api: EngineApi,
  { reference, from, before }: AddMonitorOptions,
  place: (path: string) => string,
): Promise<MonitorReference> {
  const [, id, path = ''] = /^([0-9a-f]{4,64})(?::(.*))?$/.exec(reference) ?? [];
  if (id !== undefined && !existsSync(reference)) {
    if (from !== undefined || before !== undefined) throw noPart();
    const { version } = await api.data.find({ text: id });
    return { kind: 'version', version, path };
  }
  return { kind: 'file', path: place(reference), from: from ?? null, before: before ?? null };
}

const noPart = () =>
  new BenchtopError({
    code: 'invalid-input',
    what: 'Of a data version the whole table is the reference.',
    next: 'Leave --from and --before out, or name a file.',
  });

function performanceOf(
  options: AddMonitorOptions,
  place: (path: string) => string,
): WatchedPerformance | null {
  const { probability, label, positive } = options;
  if (probability === undefined && label === undefined && positive === undefined) return null;
  if (probability === undefined || label === undefined)
    throw new BenchtopError({
      code: 'invalid-input',
      what: 'How well a model answers is told from its probabilities, and labels of the reference.',
      next: 'Give --probability and --label together.',
    });
  return {
    probabilities: probability,
    label,
    positive: positive ?? null,
    predictedAt: options.predictedAt ?? null,
    labels: labelsOf(options, place),
  };
}

function labelsOf(
  { labels, id, labelTime, maturity }: AddMonitorOptions,
  place: (path: string) => string,
): LateLabels | null {
  if ((labels === undefined) !== (id === undefined))
    throw new BenchtopError({
      code: 'invalid-input',
      what: 'Labels that come later are joined by an id: --labels and --id are given together.',
    });
  if (labels === undefined || id === undefined) return null;
  return { path: place(labels), id, labelledAt: labelTime ?? null, maturityMs: maturity ?? null };
}

function chunksOf({ every, time, rows }: AddMonitorOptions): ChunkRule {
  if (rows !== undefined) return { by: 'rows', count: rows };
  if (every === undefined && time === undefined) return { by: 'file' };
  if (time === undefined)
    throw new BenchtopError({
      code: 'invalid-input',
      what: `Which column tells to which ${every} a row belongs is not said.`,
      next: 'Name it: --time COLUMN.',
    });
  return { by: 'time', column: time, every: every ?? 'month' };
}
