import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { verdict, verdictTag, type RegisteredModel } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { modelPath } from '../../app/model-path.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import tables from '../../ui/table.module.css';
import { VerdictMark } from '../reproduction/index.ts';
import { AliasMark } from './alias-mark.tsx';
import styles from './models.module.css';
import { modelsKey, useRunsOf } from './use-models.ts';

/** One model of the list. What made it is told of its champion, else of its newest version. */
export function ModelRow({
  model,
  projectId,
  index,
  isPointed,
}: {
  model: RegisteredModel;
  projectId: string;
  /** Its place among all rows. */
  index: number;
  /** Keys act on it. */
  isPointed: boolean;
}) {
  const { name, aliases, latest, versionCount, updatedAt } = model;
  const { data: leader } = useQuery({
    queryKey: [...modelsKey, 'leader', name],
    queryFn: () => engine.registry.version({ reference: name }),
    enabled: latest !== null,
  });
  const run = [...useRunsOf(leader === undefined ? [] : [leader]).values()][0];
  const reproduced = verdict.safeParse(run?.tags[verdictTag]);
  return (
    <tr className={styles.row} data-pointed={isPointed || undefined} aria-rowindex={index + 2}>
      <th scope="row">
        <Link href={modelPath(projectId, name)}>{name}</Link>
      </th>
      <td>
        <span className={styles.marks}>
          {aliases.map(({ alias, version }) => (
            <AliasMark key={alias} alias={alias} version={version} />
          ))}
        </span>
      </td>
      <td className={tables.number}>{versionCount}</td>
      <td>{latest === null ? '–' : `version ${latest.version}`}</td>
      <td>
        {run === undefined ? (
          '–'
        ) : (
          <Link href={`/projects/${run.projectId ?? projectId}/runs/${run.id}`}>{run.name}</Link>
        )}
      </td>
      <td>{reproduced.success ? <VerdictMark verdict={reproduced.data} /> : '–'}</td>
      <td>
        <RelativeTime at={updatedAt} />
      </td>
    </tr>
  );
}
