import type { Recorder } from '../tracking/index.ts';
import type { RunEnd } from './ending.ts';
import type { LeftByRun } from './keep-artifacts.ts';

/** The last that is recorded of a run: who sees its end sees all that it has left. What is asked for together is one commit. */
export async function recordEnd(
  recorder: Pick<Recorder, 'addArtifact' | 'logParams' | 'setTags' | 'updateRun'>,
  runId: string,
  { status, ending, exitCode, endedAt, startedAt }: RunEnd & { readonly startedAt: number | null },
  left: LeftByRun | null,
): Promise<void> {
  const { artifacts, params, tags } = left ?? { artifacts: [], params: {}, tags: {} };
  const started = startedAt === null ? {} : { startedAt };
  await Promise.all([
    ...artifacts.map((artifact) => recorder.addArtifact(runId, artifact)),
    ...(Object.keys(params).length > 0 ? [recorder.logParams(runId, params)] : []),
    ...(Object.keys(tags).length > 0 ? [recorder.setTags(runId, tags)] : []),
    recorder.updateRun(runId, { ...started, status, ending, exitCode, endedAt }),
  ]);
}
