import { Link } from 'wouter';
import type { CheckResult } from '../../../contract/index.ts';
import { MarkedText } from '../../ui/marked-text.tsx';
import { TableHead } from '../../ui/table-head.tsx';
import tables from '../../ui/table.module.css';
import { CheckMark } from './check-mark.tsx';
import styles from './gates.module.css';

const evidenceShown = 6;

/** Check by check: how it came out, what shows it, and what would help. */
export function CheckTable({ results, projectId }: { results: readonly CheckResult[]; projectId: string }) {
  return (
    <div className={tables.sideways} tabIndex={0} role="region" aria-label="Checks">
      <table className={tables.table}>
        <TableHead columns={['Check', 'Counts as', 'Came out', 'With this']} />
        <tbody>
          {results.map((result) => (
            <tr key={result.check}>
              <th scope="row">{result.check.replaceAll('_', ' ')}</th>
              <td>{result.level}</td>
              <td>
                <CheckMark state={result.state} />
              </td>
              <td>
                <Shown result={result} projectId={projectId} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Shown({
  result: { state, what, evidence, next, skip },
  projectId,
}: {
  result: CheckResult;
  projectId: string;
}) {
  const shown = state === 'passed' ? [] : evidence.slice(0, evidenceShown);
  return (
    <div className={styles.what}>
      <p>
        <MarkedText text={what} />
      </p>
      {skip === null ? null : (
        <p>
          {skip.who}: {skip.reason}
        </p>
      )}
      {shown.map(({ text, runId }) => (
        <p key={text} className={styles.muted}>
          {text} {runId === null ? null : <Link href={`/projects/${projectId}/runs/${runId}`}>the run</Link>}
        </p>
      ))}
      {evidence.length > shown.length && state !== 'passed' ? (
        <p className={styles.muted}>
          Showing {shown.length} of {evidence.length}.
        </p>
      ) : null}
      {next === null || state === 'passed' ? null : (
        <p>
          <MarkedText text={next} />
        </p>
      )}
    </div>
  );
}
