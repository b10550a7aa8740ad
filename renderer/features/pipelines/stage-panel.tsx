import { Button, Menu } from '@mantine/core';
import { IconChevronDown } from '@tabler/icons-react';
import { Link } from 'wouter';
import type { PipelineStage, StageExecution, StageStatus } from '../../../contract/index.ts';
import { StatusMark } from '../../ui/status-mark.tsx';
import type { Reach } from './graph/pipeline-graph.ts';
import type { PlanTarget } from './plan-dialog.tsx';
import { RunMenu } from './run-menu.tsx';
import { SidePanel } from '../../ui/side-panel.tsx';
import { StageFacts } from './stage-facts.tsx';
import { StageHistory } from './stage-history.tsx';
import { StageReasons } from './stage-reasons.tsx';
import type { StageLook } from './stage-look.ts';
import styles from './stage-panel.module.css';

interface StagePanelProps {
  readonly projectId: string;
  /** The file that defines the pipeline. */
  readonly file: string;
  readonly stage: PipelineStage;
  readonly look: StageLook;
  /** Undefined while it is read. */
  readonly status: StageStatus | undefined;
  /** Its part in the latest execution. */
  readonly last: StageExecution | undefined;
  readonly downstream: readonly string[];
  onSelect(stage: string): void;
  onFocus(reach: Reach): void;
  /** Null where nothing can be run now. */
  readonly onRun: ((target: PlanTarget) => void) | null;
  onClose(): void;
}

/** One stage: how it stands and why, what it is, what it did so far, and how to run it. */
export function StagePanel(props: StagePanelProps) {
  const { projectId, file, stage, look, status, last, downstream, onSelect, onFocus, onRun, onClose } = props;
  return (
    <SidePanel kind="Stage" name={stage.name} beside={<StatusMark status={look} />} onClose={onClose}>
      <div className={styles.actions}>
        <RunMenu stage={stage.name} onRun={onRun} />
        {typeof last?.runId !== 'string' ? null : (
          <Button component={Link} href={`/projects/${projectId}/runs/${last.runId}`}>
            Open its run
          </Button>
        )}
        <Menu position="bottom-start" withInitialFocusPlaceholder={false}>
          <Menu.Target>
            <Button rightSection={<IconChevronDown size={14} stroke={1.5} aria-hidden />}>Show only</Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => onFocus('upstream')}>What it needs</Menu.Item>
            <Menu.Item onClick={() => onFocus('downstream')}>What needs it</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      {stage.description === '' ? null : <p className={styles.about}>{stage.description}</p>}
      {typeof last?.note !== 'string' ? null : <p className={styles.about}>{last.note}</p>}
      {status === undefined ? null : (
        <StageReasons status={status} projectId={projectId} onSelect={onSelect} />
      )}
      <StageFacts stage={stage} file={file} />
      <Neighbours name="Reads from" stages={stage.upstream} onSelect={onSelect} />
      <Neighbours name="Read by" stages={downstream} onSelect={onSelect} />
      <StageHistory projectId={projectId} stage={stage.name} />
    </SidePanel>
  );
}

const neighboursAtMost = 20;

function Neighbours({
  name,
  stages,
  onSelect,
}: {
  name: string;
  stages: readonly string[];
  onSelect: (stage: string) => void;
}) {
  if (stages.length === 0) return null;
  return (
    <section aria-label={name}>
      <h3 className={styles.heading}>{name}</h3>
      <div className={styles.neighbours}>
        {stages.slice(0, neighboursAtMost).map((stage) => (
          <button key={stage} type="button" onClick={() => onSelect(stage)}>
            {stage}
          </button>
        ))}
        {stages.length > neighboursAtMost ? (
          <span className={styles.quiet}>and {stages.length - neighboursAtMost} more</span>
        ) : null}
      </div>
    </section>
  );
}
