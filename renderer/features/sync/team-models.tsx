import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { IconCloud } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'wouter';
import type { Pull } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { modelPath } from '../../app/model-path.ts';
import { useChange } from '../../app/use-change.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatCount } from '../../ui/format-number.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { actions, numbers, rest, TableHead } from '../../ui/table-head.tsx';
import tables from '../../ui/table.module.css';
import { PullDialog } from './pull-dialog.tsx';
import { PullProgress } from './pull-progress.tsx';
import styles from './sync.module.css';
import { teamModelsOf, type TeamModel } from './team-model.ts';
import { usePulls } from './use-pulls.ts';

const teamKey = ['team'];
const modelsShown = 200;

/** What the registries of targets hold, as of when they were read last: marked as theirs, read only, to be pulled. */
export default function TeamModels({ projectId, text }: { projectId: string; text: string }) {
  const { data, error } = useQuery({
    queryKey: teamKey,
    queryFn: () => engine.sync.teamModels({}),
    // Targets come and go, also by the command line.
    staleTime: 0,
  });
  const { data: pulls = [] } = usePulls();
  const [pulled, pull] = useState<TeamModel | null>(null);
  if (error !== null) return <ErrorNotice error={error} />;
  if (data === undefined || data.targets.length === 0) return null;
  const found = teamModelsOf(data.versions).filter(({ name }) =>
    name.toLowerCase().includes(text.toLowerCase()),
  );
  return (
    <section className={styles.team} aria-label="Models of the team">
      <h2 className={tables.heading}>
        Of the team
        {data.targets.map(({ target, readAt }) => (
          <TargetReading key={target} target={target} readAt={readAt} />
        ))}
      </h2>
      {found.length === 0 ? (
        <p className={tables.quiet}>
          {data.versions.length > 0
            ? `None has “${text}” in its name.`
            : data.targets.every(({ readAt }) => readAt === null)
              ? 'Not read yet: nothing is asked of a target before you say so.'
              : 'They have no models.'}
        </p>
      ) : (
        <table className={tables.table}>
          <TableHead
            columns={['Model', 'At', 'Aliases', ...numbers('Versions'), 'Newest', rest('Fetched'), actions]}
          />
          <tbody>
            {found.slice(0, modelsShown).map((model) => (
              <TeamRow
                key={`${model.target} ${model.name}`}
                model={model}
                projectId={projectId}
                fetched={pulls.filter(({ target, name }) => target === model.target && name === model.name)}
                onPull={() => pull(model)}
              />
            ))}
          </tbody>
        </table>
      )}
      {found.length > modelsShown ? (
        <p className={tables.about}>
          Showing {modelsShown} of {formatCount(found.length)}.
        </p>
      ) : null}
      {pulled === null ? null : <PullDialog model={pulled} onClose={() => pull(null)} />}
    </section>
  );
}

/** As of when a registry is known, and the way to read it anew. Where it cannot be reached, what was read before stays. */
function TargetReading({ target, readAt }: { target: string; readAt: number | null }) {
  const read = useChange(teamKey, () => engine.sync.readTeam({ target }));
  return (
    <span className={tables.quiet}>
      {target}{' '}
      {readAt === null ? (
        'never read'
      ) : (
        <>
          as of <RelativeTime at={readAt} />
        </>
      )}{' '}
      <Button
        size="compact-xs"
        aria-label={`${readAt === null ? 'Read' : 'Read again'} the models of ${target}`}
        loading={read.isPending}
        onClick={() => read.mutate(undefined)}
      >
        {readAt === null ? 'Read' : 'Read again'}
      </Button>
    </span>
  );
}

function TeamRow({
  model: { name, target, versions, aliases },
  projectId,
  fetched,
  onPull,
}: {
  model: TeamModel;
  projectId: string;
  fetched: readonly Pull[];
  onPull: () => void;
}) {
  const [newest] = versions;
  const underway = fetched.find(({ state }) => state === 'pulling');
  const failed = fetched.find(({ state }) => state === 'failed');
  const here = fetched.filter(({ state }) => state === 'verified');
  return (
    <tr>
      <th scope="row">
        <span className={styles.mark}>
          <IconCloud size={14} stroke={1.5} role="img" aria-label="of the team" />
          {name}
        </span>
      </th>
      <td>{target}</td>
      <td>{aliases.map(({ alias, version }) => `${alias} ${version}`).join(', ')}</td>
      <td className={tables.number}>{formatCount(versions.length)}</td>
      <td>
        {newest === undefined ? null : (
          <>
            version {newest.version} · <RelativeTime at={newest.createdAt} />
          </>
        )}
      </td>
      <td className={tables.wrap}>
        {underway !== undefined ? (
          <PullProgress pull={underway} />
        ) : failed !== undefined ? (
          <span className={styles.problem}>{failed.error?.what}</span>
        ) : (
          here.map((each) => <FetchedVersion key={each.id} pull={each} projectId={projectId} />)
        )}
      </td>
      <td className={tables.actions}>
        <Button size="compact-xs" aria-label={`Pull ${name} from ${target}`} onClick={onPull}>
          Pull…
        </Button>
      </td>
    </tr>
  );
}

/** A version that is here, and the model that it became one of. */
function FetchedVersion({ pull: { version, registeredAs }, projectId }: { pull: Pull; projectId: string }) {
  if (registeredAs === null) return <span className={styles.fetched}>version {version}</span>;
  const name = registeredAs.slice(0, registeredAs.lastIndexOf('/'));
  return (
    <span className={styles.fetched}>
      version {version} as{' '}
      <Link href={modelPath(projectId, name)} className={styles.linked}>
        {registeredAs}
      </Link>
    </span>
  );
}
