import {
  BenchtopError,
  reasonText,
  type EngineApi,
  type Execution,
  type StageExecution,
  type StagePlan,
  type StageReach,
} from '../../../contract/index.ts';
import { callerEnvironment } from '../caller-environment.ts';
import { durationText } from '../duration-text.ts';
import { exitCodeOfSignal } from '../exit-code-of-run.ts';
import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { logSoFar } from '../log-bytes.ts';
import { pipelineProject } from './pipeline-project.ts';
import { outcomeReason, stageOutcome } from './stage-outcome.ts';
import { textColumns } from '../text-columns.ts';

export interface ReproOptions {
  readonly home: string;
  readonly project?: string;
  readonly jobs?: number;
  readonly dry?: boolean;
  readonly force?: boolean;
  readonly keepGoing?: boolean;
  readonly downstream?: boolean;
  readonly singleItem?: boolean;
  readonly resume?: boolean;
  readonly json?: boolean;
}

/** Of what a stage that failed has printed, so much is shown. */
const shownLines = 20;

/**
 * `benchtop repro`: a line for each stage as it ends, and the sum of it. Exit code 0 when all went well, 1 when a stage failed, that
 * of the signal when it was interrupted.
 */
export async function reproCommand(names: readonly string[], options: ReproOptions): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const { api } = engine;
    const { id: projectId } = await pipelineProject(api, options.project);
    const reach: StageReach = options.downstream
      ? 'from-here'
      : options.singleItem
        ? 'only-this'
        : 'up-to-here';
    const env = callerEnvironment();
    const asked = {
      projectId,
      reach,
      env,
      ...(names.length === 0 ? {} : { stages: [...names] }),
      ...(options.jobs === undefined ? {} : { jobs: options.jobs }),
      isForced: options.force === true,
    };
    if (options.dry) {
      const plan = await api.pipelines.plan(asked);
      for (const line of options.json ? [jsonText(plan)] : planText(plan)) console.log(line);
      return;
    }
    const interruption = expectInterruption();
    const begun = options.resume
      ? await api.pipelines.resume({ executionId: await lastExecution(api, projectId), env })
      : await api.pipelines.run({ ...asked, keepGoing: options.keepGoing === true });
    interruption.cancels(() => api.pipelines.cancel({ executionId: begun.id }));
    const execution = await followed(api, begun, options.json === true).finally(interruption.end);
    await codeIsKept(api, execution);
    if (options.json) console.log(jsonText(shown(execution)));
    else console.log(`\n${summaryText(execution)}`);
    const by = interruption.by();
    process.exitCode = execution.status === 'finished' ? 0 : by === null ? 1 : exitCodeOfSignal(by);
  });
}

async function lastExecution(api: EngineApi, projectId: string): Promise<string> {
  const [last] = await api.pipelines.executions({ projectId, limit: 1 });
  if (last !== undefined) return last.id;
  throw new BenchtopError({
    code: 'not-found',
    what: 'This pipeline has never run; there is nothing to go on with.',
  });
}

/** Ctrl-C ends the execution and everything that it started, also where it comes while that is being begun. */
function expectInterruption() {
  const signals = ['SIGINT', 'SIGTERM'] as const;
  let by: NodeJS.Signals | null = null;
  let cancel: (() => Promise<unknown>) | null = null;
  const interrupt = () => cancel?.().catch((error: unknown) => console.error(`benchtop: ${String(error)}`));
  const heard = (signal: NodeJS.Signals) => {
    by ??= signal;
    void interrupt();
  };
  for (const signal of signals) process.on(signal, heard);
  return {
    /** The first that came. */
    by: () => by,
    /** From now on, and for what came before. */
    cancels(given: () => Promise<unknown>) {
      cancel = given;
      if (by !== null) void interrupt();
    },
    end() {
      for (const signal of signals) process.off(signal, heard);
    },
  };
}

/** Tells each stage as it begins and ends. */
async function followed(api: EngineApi, begun: Execution, isSilent: boolean): Promise<Execution> {
  const { id: executionId } = begun;
  const nameWidth = Math.max(0, ...begun.stages.map(({ name }) => name.length));
  const told = new Set<string>();
  const begunRuns = new Set<string>();
  for await (const { stages } of api.pipelines.follow({ executionId })) {
    if (isSilent) continue;
    for (const stage of stages) {
      const outcome = stageOutcome(stage);
      if (stage.state === 'running') tellBegun(stage, begunRuns);
      if (outcome === null || told.has(stage.name)) continue;
      told.add(stage.name);
      console.log(stageLine(stage, outcome, nameWidth));
      if (outcome === 'failed' && stage.runId !== null) await showLastLines(api, stage.runId);
    }
  }
  return api.pipelines.execution({ executionId });
}

/** Whoever called may change the code next; snapshots are taken in the order in which runs began. */
async function codeIsKept(api: EngineApi, { stages }: Execution): Promise<void> {
  const begun = stages.filter(({ runId, startedAt }) => runId !== null && startedAt !== null);
  const [last] = begun.toSorted((a, b) => (b.startedAt ?? 0) - (a.startedAt ?? 0));
  if (last !== undefined && last.runId !== null) await api.source.snapshot({ runId: last.runId });
}

/** On stderr, for whoever waits: a stage may take hours. */
function tellBegun({ name, runId, tries }: StageExecution, begunRuns: Set<string>): void {
  if (runId === null || begunRuns.has(runId)) return;
  begunRuns.add(runId);
  const again = tries > 1 ? ` again (try ${tries})` : '';
  console.error(`benchtop: ${name} runs${again} as ${runId.slice(0, 8)}`);
}

function stageLine(stage: StageExecution, outcome: string, nameWidth: number): string {
  const { startedAt, endedAt } = stage;
  const took = outcome === 'ran' || outcome === 'failed' ? durationOf(startedAt, endedAt) : '';
  const run = outcome === 'skipped' || stage.runId === null ? '' : stage.runId.slice(0, 8);
  return [
    stage.name.padEnd(nameWidth),
    outcome.padEnd(7),
    took.padStart(6),
    run.padEnd(8),
    outcomeReason(stage),
  ]
    .join('  ')
    .trimEnd();
}

const durationOf = (startedAt: number | null, endedAt: number | null) =>
  startedAt === null || endedAt === null ? '' : shortDuration(endedAt - startedAt);

/** Stages are often over in no time: tenths of a second count. */
const shortDuration = (ms: number) => (ms < 9950 ? `${(ms / 1000).toFixed(1)}s` : durationText(ms));

async function showLastLines(api: EngineApi, runId: string): Promise<void> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const bytes of logSoFar(api, runId))
    text = (text + decoder.decode(bytes, { stream: true })).slice(-64 * 1024);
  const lines = text.trimEnd().split('\n');
  if (text.trim() === '') return;
  for (const line of lines.slice(-shownLines)) console.log(`    ${line}`);
  if (lines.length > shownLines) console.log(`    (all of it: benchtop logs ${runId.slice(0, 8)})`);
}

function summaryText({ id, status, stages, startedAt, endedAt }: Execution): string {
  const counts = ['ran', 'cached', 'failed', 'skipped'].flatMap((word) => {
    const count = stages.filter((stage) => stageOutcome(stage) === word).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  const isIdle = stages.every(({ state }) => state === 'up-to-date');
  const said = isIdle ? `all ${stages.length} stages are up to date` : counts.join(', ');
  const word = status === 'finished' ? '' : status === 'killed' ? 'cancelled: ' : 'failed: ';
  return `${word}${said}  (${durationOf(startedAt, endedAt)}, execution ${id})`;
}

/** What `--json` prints. */
function shown({ stages, ...execution }: Execution) {
  return {
    ...execution,
    stages: stages.map(({ name, ...stage }) => ({
      name,
      outcome: stageOutcome(stage),
      reason: outcomeReason(stage),
      ...stage,
    })),
  };
}

const actionText: Record<StagePlan['action'], string> = {
  run: 'will run',
  restore: 'will be brought back',
  skip: 'is up to date',
};

function planText(plan: { stages: StagePlan[]; expectedMs: number | null; unknownCount: number }): string[] {
  const { stages, expectedMs, unknownCount } = plan;
  const toRun = stages.filter(({ action }) => action === 'run').length;
  const unknown =
    unknownCount === 0
      ? ''
      : `, and ${unknownCount} of which nobody knows how long ${unknownCount === 1 ? 'it takes' : 'they take'}`;
  const time =
    toRun === 0
      ? ''
      : expectedMs === null
        ? '; nobody knows how long they take'
        : `, about ${shortDuration(expectedMs)}${unknown}`;
  return [
    ...textColumns(
      stages.map(({ name, action, state, reasons, expectedMs: own }) => [
        name,
        state === 'frozen' && action === 'skip' ? 'is frozen' : actionText[action],
        action === 'run' && own !== null ? shortDuration(own) : '',
        reasons.map(reasonText).join('; '),
      ]),
    ),
    '',
    toRun === 0 ? 'nothing has to run' : `${toRun} of ${stages.length} stages will run${time}`,
  ];
}
