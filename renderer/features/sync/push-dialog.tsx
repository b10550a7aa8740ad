import { Checkbox, NativeSelect } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import type { SyncTarget } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { queryClient } from '../../app/query-client.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { formatBytes } from '../../ui/format-bytes.ts';
import { formatCount } from '../../ui/format-number.ts';
import { Pending } from '../../ui/pending.tsx';
import tables from '../../ui/table.module.css';
import { PlanView } from './plan-view.tsx';
import { kindNames, outboxKey } from './sync-text.ts';

/** What to hand over. */
export interface Pushed {
  readonly name: string;
  readonly runIds?: readonly string[];
  readonly models?: readonly string[];
}

/** Shows what a push would send, with sizes; the button below it is the consent. */
export default function PushDialog({ pushed, onClose }: { pushed: Pushed; onClose: () => void }) {
  const targets = useQuery({ queryKey: [...outboxKey, 'targets'], queryFn: () => engine.sync.targets({}) });
  const [chosen, choose] = useState<string | null>(null);
  const [isWithFiles, setWithFiles] = useState(true);
  const target = chosen ?? targets.data?.[0]?.name ?? null;
  const { runIds = [], models = [] } = pushed;
  const input = { runIds: [...runIds], models: [...models], isWithFiles };
  const hasChoice = runIds.length > 0 && targets.data?.find(({ name }) => name === target)?.kind !== 'git';
  const plan = useQuery({
    queryKey: [...outboxKey, 'plan', target, input],
    queryFn: () => engine.sync.plan({ target: target ?? '', ...input }),
    enabled: target !== null,
    staleTime: 0,
    retry: false,
  });
  const push = useMutation({
    mutationFn: () => engine.sync.push({ target: target ?? '', ...input }),
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: outboxKey });
    },
  });
  const count = plan.data?.deliveries.length ?? 0;
  return (
    <FormDialog
      title={`Push ${pushed.name}`}
      widthPx={600}
      submit={
        plan.data === undefined || count === 0
          ? 'Push'
          : `Send ${formatCount(count)}, ${formatBytes(plan.data.bytes)}, to ${target ?? ''}`
      }
      isReady={count > 0}
      isPending={push.isPending}
      error={push.error}
      onSubmit={() => push.mutate()}
      onClose={onClose}
    >
      {targets.error !== null ? (
        <ErrorNotice error={targets.error} />
      ) : targets.data === undefined ? (
        <Pending what="the targets" />
      ) : target === null ? (
        <p>
          There is nowhere to push to yet.{' '}
          <Link href="/outbox/targets" onClick={onClose}>
            Name a target
          </Link>
        </p>
      ) : (
        <>
          <NativeSelect
            size="xs"
            label="To"
            data={targets.data.map(targetChoice)}
            value={target}
            onChange={(event) => choose(event.currentTarget.value)}
            // It may come after the dialog has chosen what to focus.
            // oxlint-disable-next-line jsx-a11y/no-autofocus
            autoFocus
            data-autofocus
          />
          {hasChoice ? (
            <Checkbox
              size="xs"
              label="With artifacts and logged models"
              checked={isWithFiles}
              onChange={(event) => setWithFiles(event.currentTarget.checked)}
            />
          ) : null}
          {plan.error !== null ? (
            <ErrorNotice error={plan.error} />
          ) : plan.data === undefined ? (
            <Pending what="what would be sent" />
          ) : (
            <>
              <PlanView plan={plan.data} />
              <p className={tables.quiet} role="status">
                {count === 0
                  ? 'There is nothing of it that this target takes.'
                  : `About ${formatBytes(plan.data.bytes)}; what is there already is compared, and not sent again. Nothing was sent so far.`}
              </p>
            </>
          )}
        </>
      )}
    </FormDialog>
  );
}

const targetChoice = ({ name, kind, isPaused }: SyncTarget) => ({
  value: name,
  label: `${name} · ${kindNames[kind]}${isPaused ? ' · paused' : ''}`,
});
