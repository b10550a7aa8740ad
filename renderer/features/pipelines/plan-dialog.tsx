import { Checkbox } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { assertNever, type StagePlan, type StageReach } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { FormDialog } from '../../ui/form-dialog.tsx';
import { formatDuration } from '../../ui/format-duration.ts';
import { formatCount } from '../../ui/format-number.ts';
import { Pending } from '../../ui/pending.tsx';
import { StatusMark } from '../../ui/status-mark.tsx';
import choice from '../../ui/choice-buttons.module.css';
import { numbers, TableHead } from '../../ui/table-head.tsx';
import tables from '../../ui/table.module.css';
import styles from './plan-dialog.module.css';
import { reasonSummary } from './reason-summary.ts';
import { useRunPipeline } from './use-run-pipeline.ts';

/** What a person is about to run: all of the pipeline, or from one stage. */
export interface PlanTarget {
  /** A stage, or the group whose stages are meant; null for all. */
  readonly stage: string | null;
  readonly reach: StageReach;
}

export const reaches: readonly { reach: StageReach; name: string }[] = [
  { reach: 'up-to-here', name: 'Up to here' },
  { reach: 'from-here', name: 'From here' },
  { reach: 'only-this', name: 'Only this' },
];
const listed = 200;

/** Before a pipeline runs: what will run, why, and how long that will take. */
export function PlanDialog({
  projectId,
  target,
  onClose,
  onStarted,
}: {
  projectId: string;
  target: PlanTarget;
  onClose: () => void;
  onStarted: (executionId: string) => void;
}) {
  const [reach, setReach] = useState(target.reach);
  const [isForced, setForced] = useState(false);
  const [keepGoing, setKeepGoing] = useState(false);
  const chosen = {
    projectId,
    ...(target.stage === null ? {} : { stages: [target.stage] }),
    reach,
    isForced,
  };
  const plan = useQuery({
    queryKey: ['pipeline-plan', chosen],
    queryFn: () => engine.pipelines.plan(chosen),
    // Asked when it is looked at: what the files hold by then decides.
    staleTime: 0,
    gcTime: 0,
  });
  const run = useRunPipeline(projectId);
  const work = plan.data?.stages.filter(({ action }) => action !== 'skip') ?? [];
  const isNothing = plan.data !== undefined && work.length === 0;
  return (
    <FormDialog
      title={target.stage === null ? 'Run the pipeline' : `Run ${target.stage}`}
      widthPx={620}
      submit={buttonText(work)}
      isReady={plan.data !== undefined && !isNothing}
      isPending={run.isPending}
      isSubmitFocused
      beside={plan.data === undefined || isNothing ? null : expectedText(plan.data)}
      onSubmit={() => run.mutate({ ...chosen, keepGoing }, { onSuccess: ({ id }) => onStarted(id) })}
      onClose={onClose}
    >
      <div className={styles.options}>
        {target.stage === null ? null : (
          <div className={choice.choice} role="group" aria-label="How far">
            {reaches.map((each) => (
              <button
                key={each.reach}
                type="button"
                aria-pressed={reach === each.reach}
                onClick={() => setReach(each.reach)}
              >
                {each.name}
              </button>
            ))}
          </div>
        )}
        <Checkbox
          size="xs"
          label="Also what is up to date"
          checked={isForced}
          onChange={(event) => setForced(event.currentTarget.checked)}
        />
        <Checkbox
          size="xs"
          label="Go on after a failure"
          checked={keepGoing}
          onChange={(event) => setKeepGoing(event.currentTarget.checked)}
        />
      </div>
      <div className={styles.plan} tabIndex={0} role="region" aria-label="Plan">
        {plan.error !== null ? (
          <ErrorNotice error={plan.error} onRetry={() => void plan.refetch()} />
        ) : plan.data === undefined ? (
          <Pending what="what has to run" />
        ) : isNothing ? (
          <p className={styles.quiet}>
            {plan.data.stages.length === 1
              ? 'The stage is'
              : `All ${formatCount(plan.data.stages.length)} stages are`}{' '}
            up to date: nothing has to run.
          </p>
        ) : (
          <PlanTable stages={work} />
        )}
      </div>
    </FormDialog>
  );
}

function PlanTable({ stages }: { stages: readonly StagePlan[] }) {
  return (
    <>
      <table className={tables.table}>
        <TableHead columns={['Stage', 'Why', ...numbers('Expected')]} />
        <tbody>
          {stages.slice(0, listed).map((stage) => (
            <tr key={stage.name}>
              <th scope="row">
                <StatusMark status={stage.action === 'restore' ? 'restorable' : 'stale'} isIconOnly />{' '}
                {stage.name}
              </th>
              <td className={tables.wrap}>{whyText(stage)}</td>
              <td className={tables.number}>
                {stage.action === 'restore' || stage.expectedMs === null
                  ? ''
                  : formatDuration(stage.expectedMs)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {stages.length > listed ? (
        <p className={styles.quiet}>
          Showing the first {listed} of {formatCount(stages.length)}.
        </p>
      ) : null}
    </>
  );
}

function whyText({ action, reasons }: StagePlan): string {
  switch (action) {
    case 'restore':
      return `brought back from an earlier run: ${reasonSummary(reasons)}`;
    case 'run':
    case 'skip':
      return reasonSummary(reasons);
    default:
      return assertNever(action);
  }
}

function expectedText({
  expectedMs,
  unknownCount,
}: {
  expectedMs: number | null;
  unknownCount: number;
}): string {
  if (expectedMs === null) return 'How long it takes is known once it has run.';
  const others = unknownCount === 0 ? '' : `, and ${unknownCount} that never ran`;
  return `About ${formatDuration(expectedMs)}${others}.`;
}

function buttonText(work: readonly StagePlan[]): string {
  const runs = work.filter(({ action }) => action === 'run').length;
  if (work.length === 0) return 'Run';
  if (runs === 0) return `Bring ${work.length === 1 ? '1 stage' : `${formatCount(work.length)} stages`} back`;
  return `Run ${runs === 1 ? '1 stage' : `${formatCount(runs)} stages`}`;
}
