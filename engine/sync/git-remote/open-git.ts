import { tmpdir } from 'node:os';
import type { SyncReceipt, TargetProbe } from '../../../contract/index.ts';
import { GitRefusal, pushRef, remoteRefs, snapshotOf } from '../../source/index.ts';
import type { Store } from '../../store/index.ts';
import type { Carrier, Outcome } from '../carrier.ts';
import type { DeliveryContext } from '../delivery-context.ts';
import { refusal, SendFailure } from '../link/send-failure.ts';
import type { OperationRow } from '../outbox/delivery-rows.ts';
import type { Target } from '../targets.ts';

/** A git remote as a target for `refs/benchtop/*`: the user's own git and its credentials, never a branch, never by force. */
export function openGit(
  { store }: { store: Store },
  target: Target,
  line: { readonly onAnswer: () => void },
): Carrier {
  const closing = new AbortController();
  const url = target.address;
  const asked = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      const answer = await work();
      line.onAnswer();
      return answer;
    } catch (error) {
      throw error instanceof GitRefusal ? failureOf(error, url) : error;
    }
  };
  const commitThere = async (ref: string): Promise<string | undefined> =>
    (await remoteRefs(tmpdir(), url, ref, closing.signal)).get(ref);

  return {
    registry: null,
    probe: () =>
      asked(async (): Promise<TargetProbe> => {
        const startedAt = performance.now();
        const known = await remoteRefs(tmpdir(), url, 'refs/benchtop/*', closing.signal);
        return {
          version: null,
          elapsedMs: Math.round(performance.now() - startedAt),
          notices: [
            `it holds ${known.size} snapshots`,
            'only the code of runs goes there: their metrics and files do not, nor do models',
          ],
        };
      }),
    begin(delivery) {
      return {
        perform: (operation) =>
          asked(() =>
            operation.kind === 'code'
              ? pushCode({ store, delivery }, operation, commitThere, url, closing.signal)
              : receipt({ store, delivery, target }, commitThere),
          ),
      };
    },
    tidy: null,
    close: () => closing.abort(),
  };
}

type CommitThere = (ref: string) => Promise<string | undefined>;

function localCode({ store, delivery }: Pick<DeliveryContext, 'store' | 'delivery'>) {
  const snapshot = store.now((db) => snapshotOf(db, delivery.localId));
  const commitId = snapshot?.commitId ?? null;
  if (snapshot === null || commitId === null)
    throw refusal(`The run ${delivery.name} has no snapshot of its code any more.`);
  return { repositoryPath: snapshot.repositoryPath, ref: snapshot.ref, commitId };
}

/** Pushes the commit unless it is there; another one under the same name is a conflict, and stays. */
async function pushCode(
  context: Pick<DeliveryContext, 'store' | 'delivery'>,
  { subject: ref }: OperationRow,
  commitThere: CommitThere,
  url: string,
  signal: AbortSignal,
): Promise<Outcome> {
  const code = localCode(context);
  const there = await commitThere(ref);
  if (there !== undefined && there !== code.commitId) {
    if (context.delivery.keepsTheirs)
      return { kind: 'verified', proof: { notices: [`${ref} stays at ${there}`], isTheirs: true } };
    return {
      kind: 'conflict',
      conflict: {
        what: `The remote has another commit as ${ref}. It is never replaced.`,
        differences: [{ key: ref, local: code.commitId, remote: there }],
        waysOut: ['theirs', 'skip'],
      },
    };
  }
  if (there === undefined) await pushRef(code, url, signal);
  return { kind: 'verified', proof: { notices: [] } };
}

/** Asks the remote anew what it has. */
async function receipt(
  context: Pick<DeliveryContext, 'store' | 'delivery' | 'target'>,
  commitThere: CommitThere,
): Promise<Outcome> {
  const { ref, commitId } = localCode(context);
  const there = await commitThere(ref);
  const { keepsTheirs } = context.delivery;
  if (there === undefined || (there !== commitId && !keepsTheirs))
    throw new SendFailure('failed', {
      code: 'conflict',
      what: `${ref} is not at the remote as it was pushed.`,
      evidence: `pushed ${commitId}, found ${there ?? 'nothing'}`,
    });
  const found: SyncReceipt = {
    at: Date.now(),
    address: context.target.address,
    version: null,
    remoteId: `${ref} ${there}`,
    url: null,
    params: 0,
    tags: 0,
    metrics: [],
    files: [],
    aliases: [],
    notices: there === commitId ? [] : [`${ref} stays at ${there}, ours is ${commitId}`],
  };
  return { kind: 'verified', receipt: found };
}

/** Git has words and no codes; those that mean the line, and those that mean a lock, are known by them. */
function failureOf({ answer, message }: GitRefusal, url: string): SendFailure {
  const { stderr, failure, isMissing } = answer;
  const evidence = stderr.trim().slice(0, 1000) || message;
  if (isMissing)
    return refusal('There is no git on this machine.', 'Install git: its own credentials are used.');
  if (
    /authentication failed|permission denied|could not read (username|password)|access denied|403/i.test(
      stderr,
    )
  )
    return new SendFailure('locked', {
      code: 'not-allowed',
      what: `${url} does not know who is asking.`,
      evidence,
      next: 'Log in with git itself, for instance with `git ls-remote`; then `benchtop outbox --retry`.',
    });
  if (
    /non-fast-forward|fetch first|\[(remote )?rejected\]|^!/im.test(`${stderr}\n${answer.stdout.toString()}`)
  )
    return new SendFailure('refused', { code: 'conflict', what: 'The remote refuses the ref.', evidence });
  if (failure !== null)
    return new SendFailure('cut', { code: 'disconnected', what: `git ${failure}.`, evidence });
  return new SendFailure('unreachable', {
    code: 'disconnected',
    what: `${url} cannot be reached.`,
    evidence,
  });
}
