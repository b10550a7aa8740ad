import { Button } from '@mantine/core';
import type { PipelineStage } from '../../../contract/index.ts';
import { formatCount } from '../../ui/format-number.ts';
import { StatusMark, statusWord } from '../../ui/status-mark.tsx';
import type { PlanTarget } from './plan-dialog.tsx';
import { RunMenu } from './run-menu.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import { countLooks, type StageLook } from './stage-look.ts';
import styles from './stage-panel.module.css';

const listed = 200;

/** The stages that were unfolded from one definition. */
export function GroupPanel(props: {
  group: string;
  stages: readonly PipelineStage[];
  lookOf: (stage: string) => StageLook;
  detailOf: (stage: string) => string;
  isFolded: boolean;
  onFold: (isFolded: boolean) => void;
  onSelect: (stage: string) => void;
  /** Null where nothing can be run now. */
  onRun: ((target: PlanTarget) => void) | null;
  onClose: () => void;
}) {
  const { group, stages, lookOf, detailOf, isFolded, onFold, onSelect, onRun, onClose } = props;
  return (
    <SidePanel
      kind="Group"
      name={group}
      beside={<span className={styles.quiet}>{formatCount(stages.length)} stages</span>}
      onClose={onClose}
    >
      <div className={styles.actions}>
        <RunMenu stage={group} onRun={onRun} />
        <Button onClick={() => onFold(!isFolded)}>{isFolded ? 'Unfold' : 'Fold'}</Button>
      </div>
      <p className={styles.about}>
        {countLooks(stages.map(({ name }) => lookOf(name)))
          .map(({ look, count }) => `${formatCount(count)} ${statusWord(look)}`)
          .join(', ')}
      </p>
      <ul className={styles.plain}>
        {stages.slice(0, listed).map(({ name }) => (
          <li key={name} className={styles.run}>
            <StatusMark status={lookOf(name)} isIconOnly />
            <button type="button" className={styles.link} onClick={() => onSelect(name)}>
              {name}
            </button>
            <span className={styles.quiet}>{detailOf(name)}</span>
          </li>
        ))}
      </ul>
      {stages.length > listed ? (
        <p className={styles.quiet}>
          Showing the first {listed} of {formatCount(stages.length)}.
        </p>
      ) : null}
    </SidePanel>
  );
}
