import type { PipelineStage } from '../../../contract/index.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { formatBytes } from '../../ui/format-bytes.ts';
import { formatDuration } from '../../ui/format-duration.ts';
import styles from './stage-panel.module.css';

const pathsAtMost = 12;

/** What the definition says of a stage: command, what it reads and writes, and how it is to be run. */
export function StageFacts({ stage, file }: { stage: PipelineStage; file: string }) {
  const command = stage.commands.join('\n');
  return (
    <section aria-labelledby="stage-definition">
      <h3 id="stage-definition" className={styles.heading}>
        Definition{' '}
        <span className={styles.quiet}>
          {file}:{stage.line}
        </span>
      </h3>
      <div className={styles.commandLine}>
        <pre className={styles.command}>{command}</pre>
        <CopyButton text={command} what="the command" />
      </div>
      <dl className={styles.facts}>
        {stage.workingFolder === '.' ? null : <Fact name="in" values={[stage.workingFolder]} />}
        <Fact name="reads" values={[...stage.deps, ...stage.externalDeps]} />
        <Fact
          name="params"
          values={stage.params.flatMap(({ file: from, names }) =>
            names.length === 0 ? [`all of ${from}`] : names,
          )}
        />
        <Fact
          name="writes"
          values={stage.outputs.map(({ path, kind, isCached, isPersistent }) =>
            [
              path,
              kind === 'output' ? null : kind,
              isCached ? null : 'not kept',
              isPersistent ? 'added to' : null,
            ]
              .filter((word) => word !== null)
              .join(' · '),
          )}
        />
        <Fact name="needs" values={needs(stage)} isCode={false} />
        <Fact name="mutex" values={stage.mutexes} />
        <Fact name="env" values={Object.entries(stage.env).map(([name, value]) => `${name}=${value}`)} />
        <Fact name="runs" values={manners(stage)} isCode={false} />
      </dl>
    </section>
  );
}

function Fact({
  name,
  values,
  isCode = true,
}: {
  name: string;
  values: readonly string[];
  isCode?: boolean;
}) {
  if (values.length === 0) return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {values.slice(0, pathsAtMost).map((value) =>
          isCode ? (
            <code key={value} title={value}>
              {value}
            </code>
          ) : (
            <span key={value}>{value}</span>
          ),
        )}
        {values.length > pathsAtMost ? (
          <span className={styles.quiet}>and {values.length - pathsAtMost} more</span>
        ) : null}
      </dd>
    </div>
  );
}

function needs({ resources: { cpus, memoryBytes, gpus } }: PipelineStage): string[] {
  const parts = [
    cpus === null ? null : `${cpus} ${cpus === 1 ? 'core' : 'cores'}`,
    memoryBytes === null ? null : `${formatBytes(memoryBytes)} of memory`,
    gpus === null ? null : `${gpus} ${gpus === 1 ? 'GPU' : 'GPUs'}`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? [] : [parts.join(', ')];
}

function manners({ isFrozen, isAlwaysChanged, retry, timeLimitMs }: PipelineStage): string[] {
  return [
    isFrozen ? 'never by itself: frozen' : null,
    isAlwaysChanged ? 'every time: always changed' : null,
    retry.times === 0 ? null : `up to ${retry.times} more times after a failure`,
    timeLimitMs === null ? null : `for at most ${formatDuration(timeLimitMs)}`,
  ].filter((part) => part !== null);
}
