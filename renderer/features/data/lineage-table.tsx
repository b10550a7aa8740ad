import { useQuery } from '@tanstack/react-query';
import { Fragment } from 'react';
import { Link } from 'wouter';
import type { Lineage, LineageNode } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { modelPath } from '../../app/model-path.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatCount } from '../../ui/format-number.ts';
import { Pending } from '../../ui/pending.tsx';
import { TableHead } from '../../ui/table-head.tsx';
import tables from '../../ui/table.module.css';
import { shortVersion } from './data-texts.ts';

type Start = Parameters<typeof engine.data.lineage>[0];

/** Data, runs and models on the way to something and from it on: one line for each step, with how it is known. */
export function LineageTable({ start, projectId }: { start: Start; projectId: string | null }) {
  const { data, error, refetch } = useQuery({
    queryKey: ['data', 'lineage', start],
    queryFn: () => engine.data.lineage(start),
  });
  if (data === undefined)
    return error === null ? (
      <Pending what="the lineage" />
    ) : (
      <ErrorNotice error={error} onRetry={() => void refetch()} />
    );
  if (data.edges.length === 0)
    return (
      <p className={tables.quiet}>
        Nothing is linked to it yet. Runs record the data that they read: declared with{' '}
        <code>benchtop run --input PATH</code> or as deps of a stage, logged through MLflow, named in the
        command, or seen open.
      </p>
    );
  return <Shown lineage={data} projectId={projectId} />;
}

function Shown({
  lineage: { nodes, edges, isCut },
  projectId,
}: {
  lineage: Lineage;
  projectId: string | null;
}) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  return (
    <div className={tables.sideways} tabIndex={0} role="region" aria-label="Steps of the lineage">
      <table className={tables.table}>
        <TableHead columns={['From', 'To', 'How it is known']} />
        <tbody>
          {edges.map(({ from, to, because }) => (
            <tr key={`${from} ${to}`}>
              <th scope="row">
                <Node node={byId.get(from)} projectId={projectId} />
              </th>
              <td>
                <Node node={byId.get(to)} projectId={projectId} />
              </td>
              <td>{because}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {isCut ? <p className={tables.about}>More is linked than these {formatCount(nodes.length)}.</p> : null}
    </div>
  );
}

function Node({ node, projectId }: { node: LineageNode | undefined; projectId: string | null }) {
  if (node === undefined) return null;
  const root = projectId === null ? '' : `/projects/${projectId}`;
  switch (node.kind) {
    case 'data':
      return (
        <>
          {projectId === null ? (
            node.path
          ) : (
            <Link href={`${root}/data/${node.dataSetId}`}>{node.path.split('/').at(-1)}</Link>
          )}{' '}
          <code className={tables.quiet} title={node.id}>
            {shortVersion(node.id)}
          </code>
        </>
      );
    case 'run':
      return (
        <>
          run <Link href={`${root}/runs/${node.id}`}>{node.name}</Link>
        </>
      );
    case 'model':
      return (
        <>
          model{' '}
          {node.registered.length === 0
            ? node.name
            : node.registered.map(({ name, version }, at) => (
                <Fragment key={`${name} ${version}`}>
                  {at === 0 ? null : ', '}
                  <Link href={`${modelPath(projectId, name)}?version=${version}`}>
                    {name}, version {version}
                  </Link>
                </Fragment>
              ))}
        </>
      );
  }
}
