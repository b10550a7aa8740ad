import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ruleText, type SyncRule, type SyncTarget } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { showUndo } from '../../app/show-undo.tsx';
import { useChange } from '../../app/use-change.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatBytes } from '../../ui/format-bytes.ts';
import { formatCount } from '../../ui/format-number.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import tables from '../../ui/table.module.css';
import { RuleDialog } from './rule-dialog.tsx';
import { countsText, kindNames, outboxKey, probeText, secretText } from './sync-text.ts';
import styles from './sync.module.css';
import { TargetDialog } from './target-dialog.tsx';

/** The targets: what each is, where its secret is, what waits for it, and what goes there by itself. */
export function TargetList({ targets, isMetered }: { targets: readonly SyncTarget[]; isMetered: boolean }) {
  const [edited, edit] = useState<SyncTarget | null>(null);
  const [ruled, rule] = useState<string | null>(null);
  const rules = useQuery({ queryKey: [...outboxKey, 'rules'], queryFn: () => engine.sync.rules({}) });
  return (
    <ScrollRegion label="Targets">
      {rules.error === null ? null : <ErrorNotice error={rules.error} />}
      {targets.map((target) => (
        <TargetSection
          key={target.name}
          target={target}
          isMetered={isMetered}
          rules={rules.data?.filter((each) => each.target === target.name) ?? []}
          onEdit={() => edit(target)}
          onRule={() => rule(target.name)}
        />
      ))}
      {edited === null ? null : <TargetDialog target={edited} onClose={() => edit(null)} />}
      {ruled === null ? null : <RuleDialog target={ruled} onClose={() => rule(null)} />}
    </ScrollRegion>
  );
}

function TargetSection({
  target,
  isMetered,
  rules,
  onEdit,
  onRule,
}: {
  target: SyncTarget;
  isMetered: boolean;
  rules: readonly SyncRule[];
  onEdit: () => void;
  onRule: () => void;
}) {
  const { name, kind, address, isPaused, pausesOnMetered, maxBytesPerSecond, trouble, counts } = target;
  const test = useMutation({ mutationFn: () => engine.sync.testTarget({ target: name }) });
  const pause = useChange(outboxKey, () =>
    engine.sync.changeTarget({ target: name, change: { isPaused: !isPaused } }),
  );
  const remove = useChange(outboxKey, async () => {
    await engine.sync.removeTarget({ target: name });
    showUndo(`${name} was forgotten, with its secret and what waited for it.`, outboxKey, () =>
      engine.sync.restoreTarget({ target: name }),
    );
  });
  const facts = [
    kindNames[kind],
    ...(kind === 'mlflow' ? [secretText(target)] : []),
    maxBytesPerSecond === null ? 'as fast as it goes' : `at most ${formatBytes(maxBytesPerSecond)}/s`,
    countsText(counts) || 'nothing sent yet',
    isPaused
      ? 'paused by you'
      : pausesOnMetered
        ? isMetered
          ? 'paused: the network is metered'
          : 'pauses on metered networks'
        : 'sends on any network',
  ];
  return (
    <section className={styles.section} aria-label={name}>
      <h2 className={tables.heading}>
        {name}
        <span className={styles.buttons}>
          <Button aria-label={`Test ${name}`} loading={test.isPending} onClick={() => test.mutate()}>
            Test
          </Button>
          <Button aria-label={`Edit ${name}`} onClick={onEdit}>
            Edit…
          </Button>
          <Button
            aria-label={`${isPaused ? 'Resume' : 'Pause'} ${name}`}
            loading={pause.isPending}
            onClick={() => pause.mutate(undefined)}
          >
            {isPaused ? 'Resume' : 'Pause'}
          </Button>
          <Button
            aria-label={`Remove ${name}`}
            loading={remove.isPending}
            onClick={() => remove.mutate(undefined)}
          >
            Remove
          </Button>
        </span>
      </h2>
      <p className={styles.facts}>
        <code>{address}</code>
        {facts.map((fact) => (
          <span key={fact}>{fact}</span>
        ))}
      </p>
      {trouble === null ? null : (
        <p className={trouble.code === 'disconnected' ? undefined : styles.problem} role="status">
          {trouble.what} {trouble.next ?? 'What waits goes when it is back.'}
        </p>
      )}
      {test.error === null ? null : <ErrorNotice error={test.error} />}
      {test.data === undefined ? null : (
        <p className={styles.probe} role="status">
          {probeText(kind, test.data)}. <span className={tables.quiet}>{test.data.notices.join('; ')}</span>
        </p>
      )}
      <ul className={styles.rules} aria-label={`What goes to ${name} by itself`}>
        {rules.map((each) => (
          <RuleLine key={each.id} rule={each} />
        ))}
        <li>
          {rules.length === 0 ? <span className={tables.quiet}>Nothing goes there by itself.</span> : null}
          <Button size="compact-xs" aria-label={`Add a rule for ${name}`} onClick={onRule}>
            Add a rule…
          </Button>
        </li>
      </ul>
    </section>
  );
}

function RuleLine({ rule }: { rule: SyncRule }) {
  const { id, target, what, tag, allowedAt, matches, problems } = rule;
  const withdraw = useChange(outboxKey, async () => {
    const { cancelled } = await engine.sync.withdrawRule({ ruleId: id });
    showUndo(
      `No longer by itself to ${target}: ${ruleText(rule)}.${cancelled === 0 ? '' : ` ${cancelled} that waited are cancelled.`}`,
      outboxKey,
      () => engine.sync.allowRule({ target, what, tag }),
    );
  });
  return (
    <li>
      <span>By itself: {ruleText(rule)}</span>
      <span className={tables.quiet}>
        allowed <RelativeTime at={allowedAt} /> · {formatCount(matches)} so far
      </span>
      {problems.map(({ localId, error }) => (
        <span key={localId} className={styles.problem}>
          {localId}: {error.what}
        </span>
      ))}
      <Button
        size="compact-xs"
        className={styles.buttons ?? ''}
        aria-label={`Withdraw: ${ruleText(rule)}`}
        loading={withdraw.isPending}
        onClick={() => withdraw.mutate(undefined)}
      >
        Withdraw
      </Button>
    </li>
  );
}
