import { labelsText, type JudgedChunk } from '../../../contract/index.ts';
import { formatDuration } from '../../ui/format-duration.ts';
import { numbers, rest, TableHead } from '../../ui/table-head.tsx';
import tables from '../../ui/table.module.css';
import { percentText } from './monitor-texts.ts';
import styles from './monitoring.module.css';

/** Every chunk as it was judged last: what of it could be read, and how many of its columns alarm. */
export function ChunkTable({ chunks, chunkCount }: { chunks: readonly JudgedChunk[]; chunkCount: number }) {
  const isModelWatched = chunks.some(({ performance }) => performance !== null);
  return (
    <section aria-labelledby="chunks">
      <h2 id="chunks" className={tables.heading}>
        Chunks
        {chunks.length < chunkCount ? (
          <span className={tables.quiet}>
            the latest {chunks.length} of {chunkCount}
          </span>
        ) : null}
      </h2>
      <table className={tables.table}>
        <TableHead
          columns={[
            'Chunk',
            'Verdict',
            ...numbers('Rows', 'Empty', 'Columns'),
            ...(isModelWatched ? ['Model', { title: 'Labels', help: 'Answers whose label is known' }] : []),
            ...numbers('Judged in'),
            rest('Gravest'),
          ]}
        />
        <tbody>
          {chunks.map(
            ({ id, label, verdict, rowCount, missingShare, counts, elapsedMs, alarms, performance }) => (
              <tr key={id}>
                <th scope="row">{label}</th>
                <td className={verdict === 'failed' ? styles.failed : undefined}>
                  {verdict.replaceAll('-', ' ')}
                </td>
                <td className={tables.number}>
                  {rowCount === null ? '–' : rowCount.toLocaleString('en-US')}
                </td>
                <td className={tables.number}>{missingShare === null ? '–' : percentText(missingShare)}</td>
                <td className={tables.number}>
                  {counts.input.alarms + counts.output.alarms} of{' '}
                  {counts.input.columns + counts.output.columns}
                </td>
                {isModelWatched ? (
                  <>
                    <td title={performance?.about}>{performance?.verdict.replaceAll('-', ' ') ?? '–'}</td>
                    <td>{performance === null ? '–' : labelsText(performance.labels)}</td>
                  </>
                ) : null}
                <td className={tables.number}>{formatDuration(elapsedMs)}</td>
                <td className={tables.wrap}>
                  {alarms[0] === undefined ? '' : `${alarms[0].column ?? ''} ${alarms[0].about}`.trim()}
                </td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </section>
  );
}
