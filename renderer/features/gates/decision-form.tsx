import { Button, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApprovalRequest, CheckName, VersionComparison } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { queryClient } from '../../app/query-client.ts';
import { showUndo } from '../../app/show-undo.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import styles from './gates.module.css';

/** Approves or refuses what waits; a check that blocks can be set aside for a reason. Stands below the evidence. */
export function DecisionForm({
  comparison: { model, environment, candidate, champion, report, stale, who },
  request,
}: {
  comparison: VersionComparison;
  request: ApprovalRequest;
}) {
  const [comment, setComment] = useState('');
  const [reasons, setReasons] = useState<Partial<Record<CheckName, string>>>({});
  const { version } = candidate;
  const asked = { model, version, environment };
  const blockers = report?.blockers ?? [];
  const skips = blockers.flatMap((check) => {
    const reason = reasons[check]?.trim() ?? '';
    return reason === '' ? [] : [{ check, reason }];
  });
  const outdated = stale.find(({ isBlocking }) => isBlocking);
  const open = blockers.filter((check) => !skips.some((skip) => skip.check === check));
  const readAnew = () => queryClient.invalidateQueries({ queryKey: ['models'] });
  const approve = useMutation({
    mutationFn: () => engine.gates.approve({ ...asked, comment, skips }),
    onSuccess: async () => {
      const alias = environment === 'production' ? 'champion' : 'challenger';
      const back = { name: model, alias, reason: 'undo of an approval' };
      showUndo(`Version ${version} is in ${environment}.`, ['models'], () =>
        champion === null ? engine.registry.removeAlias(back) : engine.registry.rollback(back),
      );
      await readAnew();
    },
  });
  const refuse = useMutation({
    mutationFn: () => engine.gates.refuse({ ...asked, comment }),
    onSuccess: readAnew,
  });
  const error = approve.error ?? refuse.error;
  const isSelf = request.requestedBy === who;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        approve.mutate();
      }}
    >
      <p>
        {request.requestedBy} asked for it <RelativeTime at={request.requestedAt} />
        {request.comment === '' ? '.' : `: ${request.comment}`}
      </p>
      {isSelf ? (
        <p className={styles.amber}>
          Self-approval: who asks and who approves are one person, {who}. The history will say so.
        </p>
      ) : null}
      {blockers.map((check) => (
        <TextInput
          key={check}
          size="xs"
          label={`Set “${check.replaceAll('_', ' ')}” aside, because`}
          description="It blocks. A reason lets it pass this once, and stands in the history with your name."
          value={reasons[check] ?? ''}
          onChange={(event) => setReasons({ ...reasons, [check]: event.currentTarget.value })}
        />
      ))}
      <Textarea
        size="xs"
        label="Comment"
        description="For the history. Refusing needs one."
        autosize
        minRows={2}
        value={comment}
        onChange={(event) => setComment(event.currentTarget.value)}
      />
      {error === null ? null : <ErrorNotice error={error} />}
      <div className={styles.buttons}>
        <Button
          type="submit"
          variant="filled"
          loading={approve.isPending}
          disabled={outdated !== undefined || open.length > 0}
        >
          Approve
        </Button>
        <Button onClick={() => refuse.mutate()} loading={refuse.isPending} disabled={comment.trim() === ''}>
          Refuse
        </Button>
        <span className={styles.muted}>{outdated?.what ?? (open.length > 0 ? 'A check blocks.' : '')}</span>
      </div>
    </form>
  );
}
