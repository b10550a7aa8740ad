import { setTimeout as sleep } from 'node:timers/promises';
import type { EngineApi, Readiness, Reproduction, ToleranceSettings } from '../../../contract/index.ts';
import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { runByPrefix } from '../run-by-prefix.ts';
import { textColumns } from '../text-columns.ts';

export interface ReproduceOptions {
  readonly home: string;
  readonly tolerance: ToleranceSettings;
  readonly twice?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `benchtop reproduce`: exit code 0 when the last verdict is identical or within tolerance, 1 when it is another. */
export async function reproduceCommand(prefix: string, options: ReproduceOptions): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const { api } = engine;
    const run = await runByPrefix(api, prefix);
    const readiness = await api.reproduction.readiness({ runId: run.id });
    if (!options.json) console.log(readinessText(readiness));
    if (options.dryRun || !readiness.canRun) {
      if (options.json) console.log(jsonText({ readiness, reproductions: [] }));
      process.exitCode = readiness.canRun ? 0 : 1;
      return;
    }
    const { tolerance } = options;
    const reproductions = [await ended(api, await api.reproduction.start({ runId: run.id, tolerance }))];
    const again = reproductions[0]?.runId ?? null;
    if (options.twice && again !== null)
      reproductions.push(
        await ended(api, await api.reproduction.start({ runId: run.id, tolerance, againstRunId: again })),
      );
    if (options.json) console.log(jsonText({ readiness, reproductions }));
    else for (const one of reproductions) console.log(`\n${verdictText(one)}`);
    const verdict = reproductions.at(-1)?.verdict;
    process.exitCode = verdict === 'identical' || verdict === 'within tolerance' ? 0 : 1;
  });
}

/** Waits for its end; Ctrl-C ends it and everything that it started. */
async function ended(api: EngineApi, started: Reproduction): Promise<Reproduction> {
  const { id } = started;
  const cancel = () => void api.reproduction.cancel({ id });
  process.once('SIGINT', cancel).once('SIGTERM', cancel);
  let told = '';
  try {
    for (;;) {
      const now = await api.reproduction.one({ id });
      if (now.state === 'ended') return now;
      const word = progressText(now);
      if (word !== told) console.error(`benchtop: ${word}`);
      told = word;
      await sleep(200);
    }
  } finally {
    process.off('SIGINT', cancel).off('SIGTERM', cancel);
  }
}

function progressText({ runId, state, repeats, tolerance }: Reproduction): string {
  if (runId === null) return 'preparing';
  if (state === 'repeating')
    return `repeating with other seeds, ${Math.max(1, repeats.length)} of ${tolerance.spread ?? 0}`;
  return `${state} as ${runId.slice(0, 8)}`;
}

const marks = { ready: 'ready', differs: 'differs', missing: 'MISSING' };

function readinessText({ items }: Readiness): string {
  return items
    .flatMap(({ part, state, what, next }) => [
      `${part.padEnd(12)}${marks[state].padEnd(9)}${what}`,
      ...(next === null ? [] : [`${' '.repeat(21)}${next}`]),
    ])
    .join('\n');
}

function verdictText({ verdict, why, runId, ofRunId, againstRunId, ...found }: Reproduction): string {
  const metrics = found.metrics.filter(({ state }) => state !== 'equal');
  const outputs = found.outputs.filter(({ state }) => state !== 'equal');
  return [
    `${againstRunId === ofRunId ? 'verdict' : 'against the first reproduction'}: ${verdict ?? 'none'}`,
    ...(why === null ? [] : [`  ${why}`]),
    ...(runId === null
      ? []
      : [`  run ${runId.slice(0, 8)}: \`benchtop compare ${ofRunId.slice(0, 8)} ${runId.slice(0, 8)}\``]),
    ...found.caveats.map((caveat) => `  note: ${caveat}`),
    ...found.repeats.map(
      ({ runId: id, seeds }) => `  repeat ${id.slice(0, 8)}: ${seeds ?? 'the same again'}`,
    ),
    ...textColumns([
      ...metrics.map(({ name, a, b, state, why: reason }) => [
        name,
        state,
        `${a ?? 'none'} → ${b ?? 'none'}`,
        reason ?? '',
      ]),
      ...outputs.map(({ path, state, detail }) => [path, state, detail ?? '', '']),
    ]).map((line) => `  ${line}`),
  ].join('\n');
}
