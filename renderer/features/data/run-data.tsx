import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import type { Run, RunData as Row } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { useProjects } from '../../app/use-projects.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Pending } from '../../ui/pending.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { TableHead } from '../../ui/table-head.tsx';
import tables from '../../ui/table.module.css';
import { contentText, knownByText, shortVersion, shownPath } from './data-texts.ts';
import { LineageTable } from './lineage-table.tsx';

const stateWords = { reading: 'being read', recorded: '', changed: 'changed', failed: 'not read' } as const;

/** The data that a run read and wrote, and what it is linked with. */
export function RunData({ run }: { run: Run }) {
  const { data: projects } = useProjects();
  const projectPath = projects?.find(({ id }) => id === run.projectId)?.path;
  const { data, error, refetch } = useQuery({
    // What a run read is looked at again when it ends.
    queryKey: ['data', 'of-run', run.id, run.status],
    queryFn: () => engine.data.ofRun({ runId: run.id }),
    refetchInterval: ({ state }) =>
      state.data?.some((row) => row.state === 'reading') === true ? 1000 : false,
  });
  if (data === undefined)
    return error === null ? (
      <Pending what="the data of the run" />
    ) : (
      <ErrorNotice error={error} onRetry={() => void refetch()} />
    );
  if (data.length === 0)
    return (
      <EmptyState title="No data recorded">
        <p>
          A run’s data is recorded when it is declared (<code>benchtop run --input PATH</code>, or as deps of
          a stage), logged through MLflow with a local source, named in the command or its script, or seen
          open while the run goes on. A file that is read in an instant may be missed: declare it.
        </p>
      </EmptyState>
    );
  const read = data.filter(({ role }) => role === 'input');
  const written = data.filter(({ role }) => role === 'output');
  return (
    <ScrollRegion label="Data of the run">
      <Part name="Inputs" rows={read} run={run} projectPath={projectPath} />
      <Part name="Outputs" rows={written} run={run} projectPath={projectPath} />
      <section aria-labelledby="lineage">
        <h2 id="lineage" className={tables.heading}>
          Lineage
        </h2>
        <LineageTable start={{ runId: run.id }} projectId={run.projectId} />
      </section>
    </ScrollRegion>
  );
}

function Part({
  name,
  rows,
  run,
  projectPath,
}: {
  name: string;
  rows: readonly Row[];
  run: Run;
  projectPath: string | undefined;
}) {
  if (rows.length === 0) return null;
  return (
    <section aria-labelledby={name}>
      <h2 id={name} className={tables.heading}>
        {name}
      </h2>
      <table className={tables.table} aria-labelledby={name}>
        <TableHead columns={['Data set', 'Version', 'Holds', 'How it is known', 'Remarks']} />
        <tbody>
          {rows.map(({ dataSetId, path, version, knownBy, state, note }) => (
            <tr key={dataSetId}>
              <th scope="row">
                {version === null || run.projectId === null ? (
                  shownPath(path, projectPath)
                ) : (
                  <Link href={`/projects/${run.projectId}/data/${dataSetId}`}>
                    {shownPath(path, projectPath)}
                  </Link>
                )}
              </th>
              <td>
                {version === null ? null : (
                  <code title={version.version}>{shortVersion(version.version)}</code>
                )}
              </td>
              <td>{version === null ? null : contentText(version)}</td>
              <td>{knownByText(knownBy)}</td>
              <td className={tables.wrap}>
                {stateWords[state]}
                {note === null ? null : `${stateWords[state] === '' ? '' : ': '}${note}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
