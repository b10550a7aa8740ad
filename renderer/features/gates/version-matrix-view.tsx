import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { matrixParts, type MatrixCell, type VersionMatrix } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { approvalPath } from '../../app/model-path.ts';
import { approvalsKey } from '../../app/use-waiting-requests.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Pending } from '../../ui/pending.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { SideBySide } from '../../ui/side-by-side.tsx';
import tables from '../../ui/table.module.css';
import styles from './gates.module.css';

/** Development, staging and production beside each other, and where they are not as production is. */
export default function VersionMatrixView({ model, projectId }: { model: string; projectId: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: [...approvalsKey, 'matrix', model],
    queryFn: ({ signal }) => engine.gates.matrix({ model }, { signal }),
  });
  return (
    <ScrollRegion label="Places">
      {data === undefined ? (
        error === null ? (
          <Pending what="what is where" />
        ) : (
          <ErrorNotice error={error} onRetry={() => void refetch()} />
        )
      ) : (
        <Matrix matrix={data} projectId={projectId} />
      )}
    </ScrollRegion>
  );
}

type PlacedVersion = VersionMatrix['places'][number];

const rows = matrixParts.map((part) => ({
  name: part,
  of: ({ cells }: PlacedVersion) => {
    const cell = cells.find((each) => each.part === part);
    return cell === undefined ? '–' : <Cell cell={cell} />;
  },
}));

function Matrix({
  matrix: { model, reference, places },
  projectId,
}: {
  matrix: VersionMatrix;
  projectId: string;
}) {
  return (
    <>
      <SideBySide
        rowsAre="Part"
        rows={rows}
        sides={places.map((side) => ({
          key: side.place,
          head: <PlaceHead placed={side} model={model} projectId={projectId} />,
          side,
        }))}
      />
      <p className={tables.about}>
        {reference === null
          ? 'Nothing is in staging or production, so there is nothing to hold the newest version against.'
          : `Held against ${reference}. What the runs read counts as data, not as code; the machine they ran on does not count.`}
      </p>
    </>
  );
}

/** A place, the version in it, and the way to the approval that takes it one place further. */
function PlaceHead({
  placed: { place, version },
  model,
  projectId,
}: {
  placed: PlacedVersion;
  model: string;
  projectId: string;
}) {
  const environment = place === 'development' ? 'staging' : 'production';
  return (
    <>
      <div className={styles.place}>{place}</div>
      {version === null ? 'nothing' : `version ${version}`}
      {version === null || place === 'production' ? null : (
        <>
          {' · '}
          <Link href={approvalPath(projectId, { model, version, environment })}>
            Take it to {environment}
          </Link>
        </>
      )}
    </>
  );
}

const marks = {
  same: { sign: '=', word: 'the same', colour: styles['muted'] },
  differs: { sign: '≠', word: 'differs', colour: styles['amber'] },
  unknown: { sign: '?', word: 'not known', colour: styles['muted'] },
} as const;

function Cell({ cell: { value, state, differences, differenceCount, problem } }: { cell: MatrixCell }) {
  const mark = state === 'reference' ? null : marks[state];
  const more = differenceCount - differences.length;
  return (
    <>
      {mark === null ? null : (
        <span className={mark.colour}>
          <span aria-hidden>{mark.sign}</span> {mark.word}:{' '}
        </span>
      )}
      {value}
      {problem === null ? null : <p className={styles.failed}>{problem}</p>}
      {state === 'same' || differences.length === 0 ? null : (
        <ul className={styles.differences}>
          {differences.map((difference) => (
            <li key={difference}>{difference}</li>
          ))}
          {more > 0 ? <li>and {more} more</li> : null}
        </ul>
      )}
    </>
  );
}
