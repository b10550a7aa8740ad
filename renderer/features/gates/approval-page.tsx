import { Button } from '@mantine/core';
import { Link, useSearchParams } from 'wouter';
import { gateEnvironment, gateEnvironments, type GateEnvironment } from '../../../contract/index.ts';
import { modelPath } from '../../app/model-path.ts';
import { PageFrame } from '../../app/page-frame.tsx';
import bars from '../../ui/bar.module.css';
import choices from '../../ui/choice-buttons.module.css';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Pending } from '../../ui/pending.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { Evidence } from './evidence.tsx';
import styles from './gates.module.css';
import { JudgeProgress } from './judge-progress.tsx';
import { useApproval } from './use-approval.ts';
import { useJudge } from './use-judge.ts';

/** A version beside the one whose place it would take, and below all that is known of both the decision. */
export default function ApprovalPage({
  projectId,
  name,
  version,
}: {
  projectId: string;
  name: string;
  version: number;
}) {
  const [search, setSearch] = useSearchParams();
  const environment = gateEnvironment.catch('production').parse(search.get('to'));
  if (!Number.isInteger(version) || version < 1)
    return (
      <PageFrame name={name}>
        <EmptyState title="That is no version">
          <Link href={modelPath(projectId, name)}>All versions of {name}</Link>
        </EmptyState>
      </PageFrame>
    );
  return (
    <Approval
      key={`${version} ${environment}`}
      asked={{ name, version, environment }}
      projectId={projectId}
      onEnvironment={(next) => setSearch({ to: next }, { replace: true })}
    />
  );
}

function Approval({
  asked: { name, version, environment },
  projectId,
  onEnvironment,
}: {
  asked: { name: string; version: number; environment: GateEnvironment };
  projectId: string;
  onEnvironment: (environment: GateEnvironment) => void;
}) {
  const { data, error, refetch } = useApproval(name, version, environment);
  const judging = useJudge(name, version, environment);
  return (
    <PageFrame
      name={`${name}, version ${version}`}
      beside={
        <>
          approval · <Link href={modelPath(projectId, name)}>all versions</Link>
        </>
      }
      actions={
        <Button onClick={judging.start} disabled={judging.isRunning || data === undefined}>
          {data?.report === null ? 'Judge it' : 'Judge it again'}
        </Button>
      }
    >
      <div className={bars.bar}>
        <span className={choices.choice} role="group" aria-label="To">
          {gateEnvironments.map((each) => (
            <button
              key={each}
              type="button"
              aria-pressed={each === environment}
              onClick={() => onEnvironment(each)}
            >
              to {each}
            </button>
          ))}
        </span>
        <span className={styles.grow}>
          {data === undefined
            ? null
            : data.isThere
              ? `It is in ${environment} already.`
              : data.champion === null
                ? `No version is in ${environment}.`
                : `In place of version ${data.champion.version}.`}
        </span>
      </div>
      <ScrollRegion label="Evidence">
        <JudgeProgress judging={judging} projectId={projectId} />
        {data === undefined ? (
          error === null ? (
            <Pending what="the evidence" />
          ) : (
            <ErrorNotice error={error} onRetry={() => void refetch()} />
          )
        ) : judging.isRunning ? null : (
          <Evidence comparison={data} projectId={projectId} onJudge={judging.start} />
        )}
      </ScrollRegion>
    </PageFrame>
  );
}
