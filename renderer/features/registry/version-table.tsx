import { useMemo } from 'react';
import type { ModelVersion } from '../../../contract/index.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { actions, TableHead } from '../../ui/table-head.tsx';
import tables from '../../ui/table.module.css';
import { differingKeys } from '../tracking/index.ts';
import styles from './models.module.css';
import { RowSpace, useRowWindow } from './row-window.tsx';
import { useRunsOf } from './use-models.ts';
import { VersionRow } from './version-row.tsx';

/** The metrics that differ between so many versions, the newest, are columns. */
const versionsLookedAt = 30;
const metricsShown = 3;

/** The versions, the newest first, with the metrics in which the runs behind them differ. Only the rows in view are drawn. */
export function VersionTable({
  versions,
  readMore,
  projectId,
  shown,
  onShow,
  onPromote,
}: {
  versions: readonly ModelVersion[];
  /** Null when all are there. */
  readMore: (() => void) | null;
  projectId: string;
  shown: number | null;
  onShow: (version: number) => void;
  onPromote: (version: ModelVersion) => void;
}) {
  const { scroll, rows, abovePx, belowPx, pointed, point } = useRowWindow(
    versions.length,
    readMore,
    (index) => {
      const version = versions[index];
      if (version !== undefined) onShow(version.version);
    },
  );
  const newest = useMemo(() => versions.slice(0, versionsLookedAt), [versions]);
  const lookedAt = useRunsOf(newest);
  const metrics = useMemo(
    () => differingKeys([...lookedAt.values()], 'metrics').slice(0, metricsShown),
    [lookedAt],
  );
  const runs = useRunsOf(rows.flatMap(({ index }) => versions[index] ?? []));
  if (versions.length === 0)
    return (
      <EmptyState title="Every version of it was deleted">
        <p>Its history tells what was here. The next version that is registered gets the next number.</p>
      </EmptyState>
    );
  return (
    <ScrollRegion ref={scroll} label="Versions">
      <table className={`${tables.table} ${styles.windowed}`} aria-rowcount={versions.length + 1}>
        <colgroup>
          <col className={styles.narrow} />
          <col className={styles.wide} />
          <col className={styles.narrow} />
          {metrics.map((metric) => (
            <col key={metric} className={styles.narrow} />
          ))}
          <col />
          <col className={styles.middle} />
          <col className={styles.middle} />
          <col className={styles.narrow} />
        </colgroup>
        <TableHead
          columns={[
            'Version',
            'Aliases',
            'Stage',
            ...metrics.map((title) => ({ title, is: 'number' as const, help: title })),
            'Run',
            'Reproduced',
            'Registered',
            actions,
          ]}
          rowIndex={1}
        />
        <tbody>
          <RowSpace heightPx={abovePx} />
          {rows.map(({ index }) => {
            const version = versions[index];
            if (version === undefined) return null;
            return (
              <VersionRow
                key={version.version}
                version={version}
                run={version.runId === null ? undefined : runs.get(version.runId)}
                metrics={metrics}
                projectId={projectId}
                index={index}
                isPointed={shown === null ? index === pointed : version.version === shown}
                onShow={() => {
                  point(index);
                  onShow(version.version);
                }}
                onPromote={() => onPromote(version)}
              />
            );
          })}
          <RowSpace heightPx={belowPx} />
        </tbody>
      </table>
    </ScrollRegion>
  );
}
