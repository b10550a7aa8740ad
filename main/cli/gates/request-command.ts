import type { ApprovalRequest, GateEnvironment } from '../../../contract/index.ts';
import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { versionNamed } from './version-named.ts';

export interface DecisionOptions {
  readonly home: string;
  readonly to: GateEnvironment;
  readonly comment?: string;
  readonly json?: boolean;
}

/** `benchtop request`: asks for a version, or lists what waits. */
export async function requestCommand(named: string | undefined, options: DecisionOptions): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const { gates } = engine.api;
    if (named === undefined) {
      const waiting = await gates.requests({});
      if (options.json) console.log(jsonText(waiting));
      else console.log(waiting.length === 0 ? 'Nothing waits.' : waiting.map(requestText).join('\n'));
      return;
    }
    const { to: environment, comment = '' } = options;
    const version = await versionNamed(engine.api, named);
    const made = await gates.request({ ...version, environment, comment });
    console.log(options.json ? jsonText(made) : requestText(made));
  });
}

/** A request in a line, and what was said about it. */
export function requestText(request: ApprovalRequest): string {
  const { model, version, environment, state, requestedBy, requestedAt, comment } = request;
  const head = `${model}/${version} to ${environment}: ${state}, asked by ${requestedBy} at ${new Date(requestedAt).toISOString()}`;
  const decided =
    request.decidedBy === null
      ? []
      : [
          `    ${state} by ${request.decidedBy}${request.isSelfDecided === true ? ', who asked for it too' : ''}${request.decision === '' ? '' : `: ${request.decision}`}`,
        ];
  return [head, ...(comment === '' ? [] : [`    ${comment}`]), ...decided].join('\n');
}
