import { Button } from '@mantine/core';
import { Link } from 'wouter';
import { verdict, verdictTag, type ModelVersion, type Run } from '../../../contract/index.ts';
import { formatNumber } from '../../ui/format-number.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import tables from '../../ui/table.module.css';
import { VerdictMark } from '../reproduction/index.ts';
import { AliasMark } from './alias-mark.tsx';
import styles from './models.module.css';

/** One version of the table, with the metrics of the run behind it. */
export function VersionRow({
  version: { version, aliases, stage, createdAt, runId },
  run,
  metrics,
  projectId,
  index,
  isPointed,
  onShow,
  onPromote,
}: {
  version: ModelVersion;
  run: Run | undefined;
  metrics: readonly string[];
  projectId: string;
  /** Its place among all rows. */
  index: number;
  /** Keys act on it. */
  isPointed: boolean;
  onShow: () => void;
  onPromote: () => void;
}) {
  const reproduced = verdict.safeParse(run?.tags[verdictTag]);
  return (
    <tr className={styles.row} data-pointed={isPointed || undefined} aria-rowindex={index + 2}>
      <th scope="row">
        <button type="button" className={styles.version} data-version={version} onClick={onShow}>
          version {version}
        </button>
      </th>
      <td>
        <span className={styles.marks}>
          {aliases.map((alias) => (
            <AliasMark key={alias} alias={alias} />
          ))}
        </span>
      </td>
      <td>{stage === 'None' ? '–' : stage}</td>
      {metrics.map((metric) => {
        const value = run?.metrics[metric]?.last;
        return (
          <td key={metric} className={tables.number} title={value === undefined ? undefined : String(value)}>
            {value === undefined ? '–' : formatNumber(value)}
          </td>
        );
      })}
      <td title={run?.name}>
        {runId === null ? (
          'no run'
        ) : (
          <Link href={`/projects/${run?.projectId ?? projectId}/runs/${runId}`}>
            {run?.name ?? runId.slice(0, 8)}
          </Link>
        )}
      </td>
      <td>{reproduced.success ? <VerdictMark verdict={reproduced.data} /> : '–'}</td>
      <td>
        <RelativeTime at={createdAt} />
      </td>
      <td className={tables.actions}>
        <Button aria-label={`Promote… version ${version}`} onClick={onPromote}>
          Promote…
        </Button>
      </td>
    </tr>
  );
}
