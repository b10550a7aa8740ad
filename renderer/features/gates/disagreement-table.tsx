import { Button } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import type { Disagreement, DisagreementPage, GateReport } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { approvalsKey } from '../../app/use-waiting-requests.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatCount, formatNumber } from '../../ui/format-number.ts';
import tables from '../../ui/table.module.css';
import styles from './gates.module.css';

/** The held-out rows in which the two say something else, those farthest apart first, with what stands in them. */
export function DisagreementTable({
  first,
  report,
  version,
  champion,
}: {
  first: DisagreementPage;
  report: GateReport;
  version: number;
  champion: number;
}) {
  const { data, error, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery({
    queryKey: [...approvalsKey, 'disagreements', report.id],
    queryFn: ({ pageParam, signal }) =>
      engine.gates.disagreements({ reportId: report.id, after: pageParam }, { signal }),
    initialPageParam: 0,
    initialData: { pages: [first], pageParams: [0] },
    getNextPageParam: ({ rows, keptCount }) => {
      const last = rows.at(-1)?.place ?? keptCount;
      return last < keptCount ? last : undefined;
    },
  });
  const rows = data.pages.flatMap((page) => page.rows);
  const { disagreementCount = 0, closer = null } = report.evaluation ?? {};
  if (rows.length === 0)
    return (
      <p className={tables.quiet}>
        {disagreementCount === 0
          ? 'They say the same of every row.'
          : 'This report was made before rows were kept. Judge it again to see them.'}
      </p>
    );
  return (
    <>
      <div className={tables.sideways} tabIndex={0} role="region" aria-label="Rows they disagree about">
        <table className={tables.table}>
          <thead>
            <tr>
              <th scope="col">Row</th>
              <th scope="col">True</th>
              <th scope="col">Version {champion} says</th>
              <th scope="col">Version {version} says</th>
              <th scope="col" className={tables.number}>
                Apart
              </th>
              <th scope="col">Closer</th>
              {(rows[0]?.cells ?? []).map(({ column }) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Row key={row.place} row={row} version={version} champion={champion} />
            ))}
          </tbody>
        </table>
      </div>
      <p className={tables.about}>
        Showing {formatCount(rows.length)} of {formatCount(disagreementCount ?? rows.length)} rows
        {closer === null
          ? '.'
          : `; of all of them version ${version} is closer in ${formatCount(closer.candidate)}, version ${champion} in ${formatCount(closer.champion)}.`}{' '}
        {hasNextPage ? (
          <Button onClick={() => void fetchNextPage()} loading={isFetching}>
            Show more
          </Button>
        ) : null}
      </p>
      {error === null ? null : <ErrorNotice error={error} />}
    </>
  );
}

function Row({ row, version, champion }: { row: Disagreement; version: number; champion: number }) {
  return (
    <tr>
      <th scope="row">{row.id ?? row.row}</th>
      <td>{row.label}</td>
      <td>
        <Said word={row.champion} score={row.championScore} />
      </td>
      <td>
        <Said word={row.candidate} score={row.candidateScore} />
      </td>
      <td className={tables.number}>{formatNumber(row.difference)}</td>
      <td>
        {row.closer === null ? 'neither' : `version ${row.closer === 'candidate' ? version : champion}`}
      </td>
      {row.cells.map(({ column, value }) => (
        <td key={column}>{value ?? <span className={styles.muted}>empty</span>}</td>
      ))}
    </tr>
  );
}

function Said({ word, score }: { word: string; score: number | null }) {
  return (
    <>
      {word}
      {score === null ? null : <span className={styles.range}>{formatNumber(score)}</span>}
    </>
  );
}
