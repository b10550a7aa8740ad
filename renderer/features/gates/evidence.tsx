import { Button } from '@mantine/core';
import { Link } from 'wouter';
import type { VersionComparison } from '../../../contract/index.ts';
import { MarkedText } from '../../ui/marked-text.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import tables from '../../ui/table.module.css';
import { CauseList } from '../comparison/index.ts';
import { comparePath } from '../tracking/index.ts';
import { CheckTable } from './check-table.tsx';
import { CostTable } from './cost-table.tsx';
import { DecisionForm } from './decision-form.tsx';
import { DisagreementTable } from './disagreement-table.tsx';
import styles from './gates.module.css';
import { MetricTable, SliceTable } from './quality-tables.tsx';
import { RequestForm } from './request-form.tsx';
import { VerdictLine } from './verdict-line.tsx';

/** All that is known of a version and the one whose place it would take, and the decision at its end. */
export function Evidence({
  comparison,
  projectId,
  onJudge,
}: {
  comparison: VersionComparison;
  projectId: string;
  onJudge: () => void;
}) {
  const { candidate, champion, verdict, report, stale, isThere, requests } = comparison;
  const evaluation = report?.evaluation ?? null;
  const against = report?.champion ?? null;
  const waiting = requests.find(({ state }) => state === 'waiting');
  return (
    <div className={styles.body}>
      <VerdictLine verdict={verdict} />
      {stale.map(({ what, next, isBlocking }) => (
        <p key={what} className={`${styles.note ?? ''} ${styles.amber ?? ''}`}>
          {what}{' '}
          <span className={styles.muted}>
            <MarkedText text={next} />
          </span>
          {isBlocking ? <Button onClick={onJudge}>Judge it</Button> : null}
        </p>
      ))}
      {evaluation === null ? null : (
        <>
          <h2 className={tables.heading}>Held-out rows</h2>
          <MetricTable evaluation={evaluation} version={candidate.version} champion={against} />
          {evaluation.slices.length === 0 ? null : (
            <>
              <h2 className={tables.heading}>Parts of the rows</h2>
              <SliceTable evaluation={evaluation} version={candidate.version} champion={against} />
            </>
          )}
        </>
      )}
      {report === null || evaluation === null || against === null ? null : (
        <>
          <h2 className={tables.heading}>Where they disagree</h2>
          <DisagreementTable
            key={report.id}
            first={comparison.disagreements}
            report={report}
            version={candidate.version}
            champion={against}
          />
        </>
      )}
      <h2 className={tables.heading}>Time and room</h2>
      <CostTable candidate={candidate} champion={champion} />
      {champion === null ? null : <Differences comparison={comparison} projectId={projectId} />}
      {report === null ? null : (
        <>
          <h2 className={tables.heading}>
            Checks
            <span className={tables.quiet}>
              judged <RelativeTime at={report.endedAt} /> by{' '}
              {report.checksFile?.path ?? 'what holds without a checks.yaml'}
            </span>
          </h2>
          <CheckTable results={report.results} projectId={projectId} />
        </>
      )}
      <h2 className={tables.heading}>Decision</h2>
      {isThere ? (
        <p className={tables.about}>It is in {comparison.environment}: there is nothing to decide.</p>
      ) : waiting === undefined ? (
        <RequestForm comparison={comparison} />
      ) : (
        <DecisionForm comparison={comparison} request={waiting} />
      )}
    </div>
  );
}

/** What the runs behind both do not share: code, params, data, environment. */
function Differences({ comparison, projectId }: { comparison: VersionComparison; projectId: string }) {
  const { candidate, champion, causes } = comparison;
  const runs = [champion?.run?.id, candidate.run?.id].filter((id) => id !== undefined);
  return (
    <>
      <h2 className={tables.heading}>
        What is different
        {runs.length < 2 ? null : <Link href={comparePath(projectId, runs)}>Compare the runs</Link>}
      </h2>
      {causes === null ? (
        <p className={tables.quiet}>One of them was made by no run here, so what differs is not known.</p>
      ) : (
        <CauseList causes={causes} />
      )}
    </>
  );
}
