import { assertNever, type TargetProbe } from '../../../contract/index.ts';
import { statfs } from 'node:fs/promises';
import type { Objects } from '../../objects/index.ts';
import type { Store } from '../../store/index.ts';
import type { Carrier, Outcome } from '../carrier.ts';
import type { RateLimit } from '../link/rate-limit.ts';
import { refusal } from '../link/send-failure.ts';
import type { OperationRow } from '../outbox/delivery-rows.ts';
import { pointAlias } from '../point-alias.ts';
import type { SyncRecords } from '../records.ts';
import type { Target } from '../targets.ts';
import { folderRegistry } from './folder-registry.ts';
import { folderFailure } from './folder-failure.ts';
import type { FolderErrand } from './folder-errand.ts';
import { aliasAt, aliasPath, requireMark } from './places.ts';
import { putFile } from './put-file.ts';
import { beginRun, completeRun, putMetrics, runFolder } from './send-run.ts';
import { completeVersion, folderOfVersion, versionReceipt } from './send-version.ts';
import { writeMade } from './write-file.ts';

/** A folder, or a mounted share, as a target. */
export function openFolder(
  rooms: { store: Store; objects: Pick<Objects, 'read' | 'stream'>; records: SyncRecords },
  target: Target,
  rate: RateLimit,
  line: { readonly onSent: (bytes: number) => void; readonly onAnswer: () => void },
): Carrier {
  const root = target.address;
  const closing = new AbortController();
  const asked = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      await requireMark(root);
      const answer = await work();
      line.onAnswer();
      return answer;
    } catch (error) {
      throw folderFailure(error, root);
    }
  };
  return {
    registry: folderRegistry(root, asked),
    probe: () =>
      asked(async (): Promise<TargetProbe> => {
        const startedAt = performance.now();
        const { bavail, bsize } = await statfs(root);
        return {
          version: null,
          freeBytes: bavail * bsize,
          elapsedMs: Math.round(performance.now() - startedAt),
          notices: ['traces and stages are not sent to a folder'],
        };
      }),
    begin(delivery, progress) {
      const errand: FolderErrand = {
        ...rooms,
        target,
        delivery,
        progress,
        root,
        async pace(bytes) {
          await rate.take(bytes, closing.signal);
          closing.signal.throwIfAborted();
          line.onSent(bytes);
        },
      };
      /** Where the files go: looked for once, and again after it has moved. */
      let folder: Promise<string> | null = null;
      const place = () => (folder ??= delivery.kind === 'run' ? runFolder(errand) : folderOfVersion(errand));
      return {
        perform: (operation, operations) =>
          asked(() => {
            if (operation.kind !== 'file') folder = null;
            return perform(errand, operation, operations, place);
          }),
      };
    },
    tidy: null,
    close: () => closing.abort(),
  };
}

async function perform(
  errand: FolderErrand,
  operation: OperationRow,
  operations: readonly OperationRow[],
  place: () => Promise<string>,
): Promise<Outcome> {
  const { root, pace } = errand;
  switch (operation.kind) {
    case 'run':
      return beginRun(errand);
    case 'model':
      // It is told in run.json; its files come by themselves.
      return { kind: 'verified', proof: { notices: [] } };
    case 'metrics':
      return putMetrics(errand);
    case 'file':
      return putFile(errand, operation, await place());
    case 'version':
      return completeVersion(errand, operations);
    case 'alias':
      return pointAlias(
        errand,
        {
          async versionByAlias(name, alias) {
            const version = await aliasAt(aliasPath(root, name, alias));
            return version === null ? null : { version };
          },
          setAlias: (name, alias, version) => writeMade(aliasPath(root, name, alias), `${version}\n`, pace),
        },
        operation,
      );
    case 'finish':
      return errand.delivery.kind === 'run'
        ? completeRun(errand, operations)
        : { kind: 'verified', receipt: versionReceipt(errand, operations) };
    case 'code':
      throw refusal('Code goes to a git target.');
    default:
      return assertNever(operation.kind);
  }
}
