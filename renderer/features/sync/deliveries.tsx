import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'wouter';
import { engine } from '../../app/engine.ts';
import { usePageActions } from '../../app/use-page-actions.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { PanelGround } from '../../ui/panel-ground.tsx';
import { Pending } from '../../ui/pending.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { actions, numbers, rest, TableHead } from '../../ui/table-head.tsx';
import tables from '../../ui/table.module.css';
import { DeliveryPanel } from './delivery-panel.tsx';
import { DeliveryRow } from './delivery-row.tsx';
import { countsText, outboxKey } from './sync-text.ts';
import styles from './sync.module.css';

const pageSize = 200;

/** What was pushed, the latest first; one of them beside the list with its steps and its receipt. */
export function Deliveries() {
  const [before, setBefore] = useState<readonly number[]>([]);
  const after = before.at(-1);
  const [search, setSearch] = useSearchParams();
  const opened = Number(search.get('delivery')) || null;
  const open = (id: number | null) =>
    setSearch(id === null ? {} : { delivery: String(id) }, { replace: true });
  const page = useQuery({
    queryKey: [...outboxKey, 'page', after ?? null],
    queryFn: () => engine.sync.outbox({ limit: pageSize, ...(after === undefined ? {} : { after }) }),
  });
  const at = page.data?.deliveries.findIndex(({ id }) => id === opened) ?? -1;
  const step = (by: 1 | -1) => {
    const next = page.data?.deliveries[Math.max(0, at + by)];
    if (next !== undefined) open(next.id);
  };
  usePageActions({
    'runs.next': () => step(1),
    'runs.previous': () => step(-1),
  });
  if (page.error !== null) return <ErrorNotice error={page.error} onRetry={() => void page.refetch()} />;
  if (page.data === undefined) return <Pending what="what was pushed" />;
  const { deliveries, counts, next } = page.data;
  if (deliveries.length === 0 && after === undefined)
    return (
      <EmptyState title="Nothing was pushed yet">
        <p>
          Push a run from its page, or a model from its version. What you push waits here until the target was
          read again and has it all.
        </p>
        <pre>benchtop push churn@champion --target team</pre>
      </EmptyState>
    );
  return (
    <PanelGround className={styles.split} onClose={opened === null ? null : () => open(null)}>
      <ScrollRegion label="Outbox">
        <table className={tables.table}>
          <TableHead
            columns={['State', 'What', 'To', ...numbers('Steps', 'Size'), rest('In the way'), actions]}
          />
          <tbody>
            {deliveries.map((delivery) => (
              <DeliveryRow
                key={delivery.id}
                delivery={delivery}
                isOpen={delivery.id === opened}
                onOpen={() => open(delivery.id === opened ? null : delivery.id)}
              />
            ))}
          </tbody>
        </table>
        <p className={tables.about}>
          {countsText(counts)}
          {after === undefined ? null : (
            <Button variant="subtle" onClick={() => setBefore(before.slice(0, -1))}>
              Later ones
            </Button>
          )}
          {next === null ? null : (
            <Button variant="subtle" onClick={() => setBefore([...before, next])}>
              Earlier ones
            </Button>
          )}
        </p>
      </ScrollRegion>
      {opened === null ? null : <DeliveryPanel key={opened} deliveryId={opened} onClose={() => open(null)} />}
    </PanelGround>
  );
}
