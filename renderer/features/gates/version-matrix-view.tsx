import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { matrixParts, type MatrixCell, type VersionMatrix } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { approvalPath } from '../../app/model-path.ts';
import { approvalsKey } from '../../app/use-waiting-requests.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Pending } from '../../ui/pending.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
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

function Matrix({
  matrix: { model, reference, places },
  projectId,
}: {
  matrix: VersionMatrix;
  projectId: string;
}) {
  return (
    <>
      <table className={tables.table}>
        <thead>
          <tr>
            <th scope="col">
              <span className="sr-only">Part</span>
            </th>
            {places.map(({ place, version }) => (
              <th key={place} scope="col">
                {place}
                <span className={styles.range}>{version === null ? 'nothing' : `version ${version}`}</span>
                {version === null || place === 'production' ? null : (
                  <Link
                    className={styles.range}
                    href={approvalPath(projectId, {
                      model,
                      version,
                      environment: place === 'development' ? 'staging' : 'production',
                    })}
                  >
                    to {place === 'development' ? 'staging' : 'production'}
                  </Link>
                )}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {matrixParts.map((part) => (
            <tr key={part}>
              <th scope="row" className={tables.top}>
                <div className={styles.what}>{part}</div>
              </th>
              {places.map(({ place, cells }) => {
                const cell = cells.find((each) => each.part === part);
                return (
                  <td key={place} className={tables.top}>
                    <div className={styles.what}>{cell === undefined ? '–' : <Cell cell={cell} />}</div>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
      <p className={tables.about}>
        {reference === null
          ? 'Nothing is in staging or production, so there is nothing to hold the newest version against.'
          : `Held against ${reference}. What the runs read counts as data, not as code; the machine they ran on does not count.`}
      </p>
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
        <ul>
          {differences.map((difference) => (
            <li key={difference}>{difference}</li>
          ))}
          {more > 0 ? <li>and {more} more</li> : null}
        </ul>
      )}
    </>
  );
}
