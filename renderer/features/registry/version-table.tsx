import { Button } from '@mantine/core';
import { useMemo, useState } from 'react';
import { Link } from 'wouter';
import { verdict, verdictTag, type ModelVersion, type Run } from '../../../contract/index.ts';
import { usePageActions } from '../../app/use-page-actions.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { formatNumber } from '../../ui/format-number.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import tables from '../../ui/table.module.css';
import { VerdictMark } from '../reproduction/index.ts';
import { differingKeys } from '../tracking/index.ts';
import { AliasMark } from './alias-mark.tsx';
import styles from './models.module.css';
import { useRunsOf } from './use-models.ts';

/** Runs are read for so many versions, the newest. */
const runsOfNewest = 100;
const metricsShown = 3;

/** The versions, the newest first, with the metrics in which the runs behind them differ. */
export function VersionTable({
  versions,
  projectId,
  shown,
  onShow,
  onPromote,
}: {
  versions: readonly ModelVersion[];
  projectId: string;
  shown: number | null;
  onShow: (version: number) => void;
  onPromote: (version: ModelVersion) => void;
}) {
  const recent = useMemo(() => versions.slice(0, runsOfNewest), [versions]);
  const runs = useRunsOf(recent);
  const metrics = useMemo(() => differingKeys([...runs.values()], 'metrics').slice(0, metricsShown), [runs]);
  const [pointed, point] = useState(0);
  const row = Math.min(pointed, versions.length - 1);
  usePageActions({
    'runs.next': () => point(Math.min(versions.length - 1, row + 1)),
    'runs.previous': () => point(Math.max(0, row - 1)),
    'runs.open': () => {
      const version = versions[row];
      if (version !== undefined) onShow(version.version);
    },
  });
  if (versions.length === 0)
    return (
      <EmptyState title="Every version of it was deleted">
        <p>Its history tells what was here. The next version that is registered gets the next number.</p>
      </EmptyState>
    );
  return (
    <ScrollRegion label="Versions">
      <table className={tables.table}>
        <thead>
          <tr>
            <th scope="col">Version</th>
            <th scope="col">Aliases</th>
            <th scope="col">Stage</th>
            {metrics.map((metric) => (
              <th key={metric} scope="col" className={tables.number}>
                {metric}
              </th>
            ))}
            <th scope="col">Run</th>
            <th scope="col">Reproduced</th>
            <th scope="col">Registered</th>
            <th scope="col">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {versions.map((version, at) => (
            <VersionRow
              key={version.version}
              version={version}
              run={version.runId === null ? undefined : runs.get(version.runId)}
              metrics={metrics}
              projectId={projectId}
              isPointed={shown === null ? at === row : version.version === shown}
              onShow={() => {
                point(at);
                onShow(version.version);
              }}
              onPromote={() => onPromote(version)}
            />
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function VersionRow({
  version: { version, aliases, stage, createdAt, runId },
  run,
  metrics,
  projectId,
  isPointed,
  onShow,
  onPromote,
}: {
  version: ModelVersion;
  run: Run | undefined;
  metrics: readonly string[];
  projectId: string;
  isPointed: boolean;
  onShow: () => void;
  onPromote: () => void;
}) {
  const reproduced = verdict.safeParse(run?.tags[verdictTag]);
  return (
    <tr className={styles.row} data-pointed={isPointed || undefined}>
      <th scope="row">
        <button type="button" className={styles.version} onClick={onShow}>
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
      <td>
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
