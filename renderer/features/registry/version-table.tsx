import { useVirtualizer } from '@tanstack/react-virtual';
import { useMemo, useRef, useState } from 'react';
import type { ModelVersion } from '../../../contract/index.ts';
import { usePageActions } from '../../app/use-page-actions.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import tables from '../../ui/table.module.css';
import { differingKeys } from '../tracking/index.ts';
import styles from './models.module.css';
import { useRunsOf } from './use-models.ts';
import { VersionRow } from './version-row.tsx';

const rowPx = 28;
/** The metrics that differ between so many versions, the newest, are columns. */
const versionsLookedAt = 30;
const metricsShown = 3;

/** The versions, the newest first, with the metrics in which the runs behind them differ. Only the rows in view are drawn. */
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
  const scroll = useRef<HTMLDivElement>(null);
  // oxlint-disable-next-line react/incompatible-library -- used where it is made, never handed on
  const lines = useVirtualizer({
    count: versions.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowPx,
    overscan: 12,
    initialRect: { width: 1200, height: 600 },
  });
  const newest = useMemo(() => versions.slice(0, versionsLookedAt), [versions]);
  const lookedAt = useRunsOf(newest);
  const metrics = useMemo(
    () => differingKeys([...lookedAt.values()], 'metrics').slice(0, metricsShown),
    [lookedAt],
  );
  const items = lines.getVirtualItems();
  const runs = useRunsOf(items.flatMap(({ index }) => versions[index] ?? []));
  const [pointed, point] = useState(0);
  const row = Math.min(pointed, versions.length - 1);
  const pointAt = (next: number) => {
    const to = Math.max(0, Math.min(versions.length - 1, next));
    point(to);
    lines.scrollToIndex(to, { align: 'auto' });
  };
  usePageActions({
    'runs.next': () => pointAt(row + 1),
    'runs.previous': () => pointAt(row - 1),
    'runs.first': () => pointAt(0),
    'runs.last': () => pointAt(versions.length - 1),
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
  const above = items[0]?.start ?? 0;
  const below = lines.getTotalSize() - (items.at(-1)?.end ?? 0);
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
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col">Version</th>
            <th scope="col">Aliases</th>
            <th scope="col">Stage</th>
            {metrics.map((metric) => (
              <th key={metric} scope="col" className={tables.number} title={metric}>
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
          <Space heightPx={above} />
          {items.map(({ index }) => {
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
                isPointed={shown === null ? index === row : version.version === shown}
                onShow={() => {
                  point(index);
                  onShow(version.version);
                }}
                onPromote={() => onPromote(version)}
              />
            );
          })}
          <Space heightPx={below} />
        </tbody>
      </table>
    </ScrollRegion>
  );
}

/** The room of rows that are not drawn. */
function Space({ heightPx }: { heightPx: number }) {
  if (heightPx <= 0) return null;
  return (
    <tr aria-hidden className={styles.space} style={{ height: heightPx }}>
      <td aria-label="Rows that are out of view" />
    </tr>
  );
}
