import type { ApprovalRequest, GateEnvironment } from '../../../contract/index.ts';
import { durationText } from '../duration-text.ts';
import { jsonText } from '../json-text.ts';
import { withEngine } from '../with-engine.ts';
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
      else console.log(waiting.length === 0 ? 'Nothing waits.' : waiting.map(waitingText).join('\n'));
      return;
    }
    const { to: environment, comment = '' } = options;
    const version = await versionNamed(engine.api, named);
    const made = await gates.request({ ...version, environment, comment });
    console.log(options.json ? jsonText(made) : requestText(made));
  });
}

/** A request that waits, with the age of the evidence that it will be decided by. */
const waitingText = (request: ApprovalRequest): string =>
  `${requestText(request)}\n    ${
    request.judgedAt === null
      ? 'not judged yet'
      : `judged ${durationText(Date.now() - request.judgedAt)} ago, at ${new Date(request.judgedAt).toISOString()}`
  }`;

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
