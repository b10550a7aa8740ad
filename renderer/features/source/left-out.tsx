import type { LeftOutReason, Snapshot } from '../../../contract/index.ts';
import { formatBytes } from '../../ui/format-bytes.ts';
import styles from './run-code.module.css';

/** What is not in a snapshot as it lay in the folder, each with the reason. */
export function LeftOut({ snapshot }: { snapshot: Snapshot }) {
  const { leftOut, moreLeftOut, changedMeanwhile, problem } = snapshot;
  return (
    <div className={styles.scroll} tabIndex={0} role="region" aria-label="Not in the snapshot" data-read>
      {problem === null ? null : <p className={styles.hint}>{problem}</p>}
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">Path</th>
            <th scope="col">Kind</th>
            <th scope="col">Why</th>
            <th scope="col" className={styles.size}>
              Size
            </th>
          </tr>
        </thead>
        <tbody>
          {leftOut.map(({ path, reason, why, sizeBytes }) => (
            <tr key={path}>
              <th scope="row">
                <code>{path}</code>
              </th>
              <td>{kinds[reason]}</td>
              <td>{why}</td>
              <td className={styles.size}>{sizeBytes === null ? '–' : formatBytes(sizeBytes)}</td>
            </tr>
          ))}
          {changedMeanwhile.map((path) => (
            <tr key={`changed ${path}`}>
              <th scope="row">
                <code>{path}</code>
              </th>
              <td>Changed</td>
              <td>It is in the snapshot as it was read, and was changed after the run had begun.</td>
              <td className={styles.size}>–</td>
            </tr>
          ))}
        </tbody>
      </table>
      {moreLeftOut === 0 ? null : (
        <p className={styles.hint}>And {moreLeftOut.toLocaleString('en-US')} more that are not listed.</p>
      )}
    </div>
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
