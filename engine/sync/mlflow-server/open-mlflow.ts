import { assertNever, type TargetProbe } from '../../../contract/index.ts';
import type { Objects } from '../../objects/index.ts';
import type { Store } from '../../store/index.ts';
import type { Carrier, Outcome } from '../carrier.ts';
import type { Link } from '../link/http-link.ts';
import { refusal } from '../link/send-failure.ts';
import type { OperationRow } from '../outbox/delivery-rows.ts';
import { pointAlias } from '../point-alias.ts';
import type { Target } from '../targets.ts';
import type { ErrandContext, ServerFacts } from './errand-context.ts';
import { finishRun } from './finish-run.ts';
import { createRemote } from './remote.ts';
import { serverRegistry } from './server-registry.ts';
import { createRemoteFiles, sendFile, type RemoteFiles } from './send-file.ts';
import { sendMetrics } from './send-metrics.ts';
import { sendModel } from './send-model.ts';
import { endLeftUploads } from './send-parts.ts';
import { sendRun } from './send-run.ts';
import { finishVersion, sendVersion } from './send-version.ts';

/** An MLflow server as a target. */
export function openMlflow(
  rooms: { store: Store; objects: Pick<Objects, 'read' | 'stream'> },
  target: Target,
  link: Link,
): Carrier {
  const remote = createRemote(link);
  /** Asked once for as long as the target is open; a failure is not remembered. */
  let asked: Promise<ServerFacts> | null = null;
  const facts = (): Promise<ServerFacts> => {
    asked ??= Promise.all([remote.version(), remote.takesParts()]).then(factsOf);
    asked.catch(() => (asked = null));
    return asked;
  };
  return {
    registry: serverRegistry(remote),
    async probe(): Promise<TargetProbe> {
      const startedAt = performance.now();
      const known = await facts();
      // The version is given to anybody; what follows is not.
      await remote.experimentByName('Default');
      return {
        version: known.version,
        elapsedMs: Math.round(performance.now() - startedAt),
        notices: noticesOf(known),
      };
    },
    tidy: () => endLeftUploads({ ...rooms, remote }, target),
    begin(delivery, progress) {
      let files: RemoteFiles | null = null;
      return {
        async perform(operation, operations) {
          const context: ErrandContext = {
            ...rooms,
            remote,
            facts: await facts(),
            target,
            delivery,
            progress,
          };
          files ??= createRemoteFiles(context);
          return perform(context, operation, operations, files);
        },
      };
    },
    close: link.close,
  };
}

function perform(
  context: ErrandContext,
  operation: OperationRow,
  operations: readonly OperationRow[],
  files: RemoteFiles,
): Promise<Outcome> {
  switch (operation.kind) {
    case 'run':
      return sendRun(context);
    case 'metrics':
      return sendMetrics(context);
    case 'model':
      return sendModel(context, operation.subject);
    case 'file':
      return sendFile(context, operation, files);
    case 'version':
      return sendVersion(context);
    case 'alias':
      return pointAlias(context, context.remote, operation);
    case 'finish':
      return context.delivery.kind === 'run'
        ? finishRun(context, operations)
        : finishVersion(context, operations);
    case 'code':
      throw refusal('Code goes to a git target.');
    default:
      return assertNever(operation.kind);
  }
}

/** A server that tells no version gets what every one takes. */
const factsOf = ([version, takesParts]: [string | null, boolean | null]): ServerFacts => ({
  version,
  takesParts,
  hasModels: version !== null && Number(version.split('.')[0]) >= 3,
});

function noticesOf({ version, hasModels, takesParts }: ServerFacts): string[] {
  const notices: string[] = [];
  if (version === null)
    notices.push('it does not tell its version, so it gets only what every MLflow server takes');
  if (!hasModels)
    notices.push(
      'models that runs logged go there as folders of their runs: before 3.0 a server knows no others',
    );
  if (takesParts === true) notices.push('large files go in parts, straight to where it keeps its files');
  if (takesParts === false)
    notices.push('it takes no files in parts: one that is cut off is sent again from its beginning');
  return notices;
}
