import type { LeftOutReason, Snapshot } from '../../../contract/index.ts';
import { formatBytes } from '../../ui/format-bytes.ts';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { numbers, TableHead } from '../../ui/table-head.tsx';
import tables from '../../ui/table.module.css';
import styles from './run-code.module.css';

/** What is not in a snapshot as it lay in the folder, each with the reason. */
export function LeftOut({ snapshot }: { snapshot: Snapshot }) {
  const { leftOut, moreLeftOut, changedMeanwhile, problem } = snapshot;
  return (
    <ScrollRegion label="Not in the snapshot">
      {problem === null ? null : <p className={styles.hint}>{problem}</p>}
      <table className={tables.table}>
        <TableHead columns={['Path', 'Kind', 'Why', ...numbers('Size')]} />
        <tbody>
          {leftOut.map(({ path, reason, why, sizeBytes }) => (
            <tr key={path}>
              <th scope="row">
                <code>{path}</code>
              </th>
              <td>{kinds[reason]}</td>
              <td>{why}</td>
              <td className={tables.number}>{sizeBytes === null ? '–' : formatBytes(sizeBytes)}</td>
            </tr>
          ))}
          {changedMeanwhile.map((path) => (
            <tr key={`changed ${path}`}>
              <th scope="row">
                <code>{path}</code>
              </th>
              <td>Changed</td>
              <td>It is in the snapshot as it was read, and was changed after the run had begun.</td>
              <td className={tables.number}>–</td>
            </tr>
          ))}
        </tbody>
      </table>
      {moreLeftOut === 0 ? null : (
        <p className={styles.hint}>And {moreLeftOut.toLocaleString('en-US')} more that are not listed.</p>
      )}
    </ScrollRegion>
  );
}

const kinds: Record<LeftOutReason, string> = {
  secret: 'Secret',
  large: 'Large',
  'machine-made': 'Machine-made',
  repository: 'Repository',
  late: 'Came later',
  unreadable: 'Unreadable',
};
