import { reasonText, warningRemedy, warningText, type StageStatus } from '../../../contract/index.ts';
import { callerEnvironment } from '../caller-environment.ts';
import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { pipelineProject } from './pipeline-project.ts';
import { stageReasonDetails } from './stage-reason-details.ts';
import { textColumns } from '../text-columns.ts';

export interface StatusOptions {
  readonly home: string;
  readonly project?: string;
  readonly why?: string;
  readonly json?: boolean;
}

/** `benchtop status`: each stage with its state and first reason; `--why` one stage with all of them, in full. */
export async function statusCommand(names: readonly string[], options: StatusOptions): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const { id: projectId } = await pipelineProject(engine.api, options.project);
    const asked = options.why === undefined ? names : [options.why];
    const { stages } = await engine.api.pipelines.status({
      projectId,
      env: callerEnvironment(),
      ...(asked.length === 0 ? {} : { stages: [...asked] }),
    });
    if (options.json) return console.log(jsonText({ stages }));
    for (const line of options.why === undefined ? overview(stages) : stages.flatMap(inFull))
      console.log(line);
  });
}

const stateText: Record<StageStatus['state'], string> = {
  'up-to-date': 'up to date',
  restorable: 'can be brought back',
  stale: 'has to run',
  frozen: 'frozen',
};

function overview(stages: readonly StageStatus[]): string[] {
  const lines = textColumns(
    stages.map(({ name, state, reasons, warnings }) => {
      const [first, ...others] = reasons;
      const more = others.length === 0 ? '' : `, and ${others.length} more`;
      const said = first === undefined ? '' : `${reasonText(first)}${more}`;
      const warned = warnings.map(warningText).join('; ');
      return [name, stateText[state], [said, warned].filter((text) => text !== '').join('; ')];
    }),
  );
  const waiting = stages.filter(({ state }) => state === 'stale').length;
  const back = stages.filter(({ state }) => state === 'restorable').length;
  const said = [
    waiting === 0 ? 'nothing has to run' : `${waiting} of ${stages.length} stages have to run`,
    ...(back === 0 ? [] : [`${back} can be brought back`]),
  ];
  return [...lines, '', `${said.join(', ')}${waiting === 0 ? '' : ': benchtop repro'}`];
}

function inFull({ name, state, reasons, warnings, runId }: StageStatus): string[] {
  return [
    `${name}: ${stateText[state]}`,
    ...reasons.flatMap((reason) => [
      `  ${reasonText(reason)}`,
      ...stageReasonDetails(reason).map((line) => `    ${line}`),
    ]),
    ...warnings.flatMap((warning) => [
      `  note: ${warningText(warning)}`,
      ...[warningRemedy(warning) ?? []].flat().map((remedy) => `    ${remedy}`),
    ]),
    ...(runId === null ? [] : [`  its last run: ${runId}`]),
  ];
}
