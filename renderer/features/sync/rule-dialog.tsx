import { NativeSelect, TextInput } from '@mantine/core';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { RuleSubject } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { queryClient } from '../../app/query-client.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { formatBytes } from '../../ui/format-bytes.ts';
import { formatCount } from '../../ui/format-number.ts';
import { Pending } from '../../ui/pending.tsx';
import tables from '../../ui/table.module.css';
import { PlanView } from './plan-view.tsx';
import { outboxKey } from './sync-text.ts';

const subjects = [
  { value: 'starred', label: 'runs that I star, once they have ended' },
  { value: 'champion', label: 'of each model the version that becomes its champion' },
  { value: 'tag', label: 'runs and versions that get a tag' },
] as const;

/** Allows that something goes to a target by itself, once it was seen what that would send now. */
export function RuleDialog({ target, onClose }: { target: string; onClose: () => void }) {
  const [what, setWhat] = useState<RuleSubject['what']>('starred');
  const [tag, setTag] = useState('');
  const isReady = what !== 'tag' || tag.trim() !== '';
  const subject = { target, what, tag: what === 'tag' ? tag.trim() : '' };
  const plan = useQuery({
    queryKey: [...outboxKey, 'plan-rule', subject],
    queryFn: () => engine.sync.planRule(subject),
    enabled: isReady,
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
  const allow = useMutation({
    mutationFn: () => engine.sync.allowRule(subject),
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: outboxKey });
    },
  });
  const count = plan.data?.deliveries.length ?? 0;
  return (
    <FormDialog
      title={`What goes to ${target} by itself`}
      widthPx={600}
      submit={
        count === 0
          ? 'Allow it'
          : `Allow it, and send ${formatCount(count)} now (${formatBytes(plan.data?.bytes ?? 0)})`
      }
      isReady={isReady && plan.data !== undefined}
      isPending={allow.isPending}
      error={allow.error}
      onSubmit={() => allow.mutate()}
      onClose={onClose}
    >
      <NativeSelect
        size="xs"
        label="Send"
        data={[...subjects]}
        value={what}
        onChange={(event) => setWhat(event.currentTarget.value as RuleSubject['what'])}
        data-autofocus
      />
      {what === 'tag' ? (
        <TextInput
          size="xs"
          label="Tag"
          description="As key, or as key=value"
          placeholder="team=fares"
          value={tag}
          spellCheck={false}
          onChange={(event) => setTag(event.currentTarget.value)}
        />
      ) : null}
      <p className={tables.quiet}>
        From now on they go without asking, with what belongs to them: parents of runs, the run of a version,
        files. You can withdraw that at any time under Targets.
      </p>
      {plan.error !== null ? (
        <ErrorNotice error={plan.error} />
      ) : !isReady ? null : plan.data === undefined ? (
        <Pending what="what it would send" />
      ) : (
        <>
          <p role="status">
            {count === 0
              ? 'It would send nothing now.'
              : `It would send ${formatCount(count)} now, about ${formatBytes(plan.data.bytes)}.`}
          </p>
          <PlanView plan={plan.data} />
        </>
      )}
    </FormDialog>
  );
}
