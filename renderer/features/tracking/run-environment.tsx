import { useQuery } from '@tanstack/react-query';
import type { Interpreter, Run, RunEnvironment as Environment } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatBytes } from '../../ui/format-bytes.ts';
import { formatExactTime } from '../../ui/format-time.ts';
import { Pending } from '../../ui/pending.tsx';
import { Fact } from './fact.tsx';
import { PackageTable } from './package-table.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import styles from './run-overview.module.css';

/** What a run ran with: interpreter and packages, repository, laptop, variables. */
export default function RunEnvironment({ run }: { run: Run }) {
  const hasStarted = run.startedAt !== null;
  const { data, error, refetch } = useQuery({
    // Nothing is recorded before the start, so the answer from then is asked for again.
    queryKey: ['run-environment', run.id, hasStarted],
    queryFn: () => engine.environments.ofRun({ runId: run.id }),
  });
  if (data === undefined)
    return error === null ? (
      <Pending what="the environment" />
    ) : (
      <ErrorNotice error={error} onRetry={() => void refetch()} />
    );
  if (data === null) {
    return (
      <EmptyState title="No environment recorded">
        <p>
          {hasStarted
            ? 'Interpreter, packages and git state are recorded for runs that Benchtop starts. This one came from elsewhere, or Benchtop ended just after its start.'
            : 'Interpreter, packages and git state are recorded when the run starts.'}
        </p>
      </EmptyState>
    );
  }
  return <Shown environment={data} />;
}

function Shown({ environment }: { environment: Environment }) {
  const { interpreter, packages, git, host, variables, problems, capturedAt } = environment;
  const named = Object.entries(variables);
  return (
    <ScrollRegion label="Environment">
      <div className={styles.columns}>
        <div className={styles.wide}>
          <section aria-labelledby="interpreter">
            <h2 id="interpreter" className={styles.heading}>
              {interpreter?.language === null ? 'Program' : 'Interpreter'}
            </h2>
            <table className={styles.table}>
              <tbody>
                {interpreter === null ? null : (
                  <>
                    {interpreter.language === null ? null : (
                      <Fact
                        name="Version"
                        value={`${languageNames[interpreter.language]} ${interpreter.version ?? 'of unknown version'}`}
                      />
                    )}
                    <Fact name="Path" value={interpreter.path} canCopy />
                    {interpreter.kind === null ? null : (
                      <Fact name="Kind" value={kindNames[interpreter.kind]} />
                    )}
                  </>
                )}
                <Fact name="Read" value={formatExactTime(capturedAt)} />
                {problems.map((problem) => (
                  <Fact key={problem} name="Not known" value={problem} />
                ))}
              </tbody>
            </table>
          </section>
          <section aria-labelledby="repository">
            <h2 id="repository" className={styles.heading}>
              Git
            </h2>
            {git === null ? (
              <p className={styles.quiet}>The working folder is in no repository that git could read.</p>
            ) : (
              <table className={styles.table}>
                <tbody>
                  {git.commit === null ? (
                    <Fact name="Commit" value="none yet" />
                  ) : (
                    <Fact name="Commit" value={git.commit} canCopy />
                  )}
                  <Fact name="Branch" value={git.branch ?? 'none (detached HEAD)'} />
                  <Fact
                    name="Working folder"
                    value={git.isDirty ? 'changed since the commit' : 'as committed'}
                  />
                  {git.remoteUrl === null ? null : <Fact name="Remote" value={git.remoteUrl} canCopy />}
                </tbody>
              </table>
            )}
          </section>
          <section aria-labelledby="laptop">
            <h2 id="laptop" className={styles.heading}>
              Laptop
            </h2>
            <table className={styles.table}>
              <tbody>
                <Fact name="System" value={`${host.os}, ${host.kernel}, ${host.architecture}`} />
                <Fact
                  name="CPU"
                  value={`${host.cpuModel ?? 'unknown model'}, ${host.cores} ${host.cores === 1 ? 'core' : 'cores'}`}
                />
                <Fact name="Memory" value={formatBytes(host.memoryBytes)} />
                <Fact name="GPU" value={gpuText(host)} />
                {host.gpuDriver === null ? null : <Fact name="GPU driver" value={host.gpuDriver} />}
              </tbody>
            </table>
          </section>
          <section aria-labelledby="variables">
            <h2 id="variables" className={styles.heading}>
              Environment variables
            </h2>
            {named.length === 0 ? (
              <p className={styles.quiet}>None of those that change how a program computes was set.</p>
            ) : (
              <table className={styles.table}>
                <tbody>
                  {named.map(([name, value]) => (
                    <Fact key={name} name={name} value={value === '' ? '(empty)' : value} />
                  ))}
                </tbody>
              </table>
            )}
          </section>
        </div>
        <div className={styles.wide}>{packages === null ? null : <PackageTable packages={packages} />}</div>
      </div>
    </ScrollRegion>
  );
}

const languageNames: Record<Interpreter['language'], string> = { python: 'Python', r: 'R', julia: 'Julia' };
const kindNames: Record<Interpreter['kind'], string> = {
  venv: 'virtual environment',
  uv: 'virtual environment made by uv',
  conda: 'conda environment',
  poetry: 'virtual environment made by poetry',
  pipenv: 'virtual environment made by pipenv',
  pyenv: 'installed by pyenv',
  system: 'installed on the system',
};

function gpuText({ gpus }: Environment['host']): string {
  if (gpus === null) return 'unavailable (nvidia-smi did not answer)';
  if (gpus.length === 0) return 'none';
  return gpus
    .map(({ name, memoryBytes }) => (memoryBytes === null ? name : `${name}, ${formatBytes(memoryBytes)}`))
    .join('; ');
}
