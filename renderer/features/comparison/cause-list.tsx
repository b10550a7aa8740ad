import type { CauseComparison, CausePart, Difference } from '../../../contract/index.ts';
import tables from '../../ui/table.module.css';
import styles from './cause-list.module.css';

/** What two runs do not share, part by part, the likeliest cause first. Parts that are the same share one line. */
export function CauseList({ causes }: { causes: readonly CauseComparison[] }) {
  const same = causes.filter(({ state }) => state === 'same');
  return (
    <>
      {causes
        .filter(({ state }) => state === 'differs')
        .map(({ part, why, differences }) => (
          <div key={part} className={styles.part}>
            <h3 className={styles.name}>
              {partNames[part]} <span className={styles.quiet}>{differences.length}</span>
            </h3>
            <table className={`${tables.table} ${styles.differences}`}>
              <tbody>
                {differences.map((one) => (
                  <DifferenceRow key={one.name} difference={one} />
                ))}
              </tbody>
            </table>
            {why === null ? null : <p className={styles.quiet}>{why}</p>}
          </div>
        ))}
      {same.length === 0 ? null : (
        <p className={styles.line}>
          <span className={styles.quiet}>The same in both:</span>{' '}
          {same.map(({ part }) => partNames[part].toLowerCase()).join(', ')}
        </p>
      )}
      {[...unknownParts(causes)].map(([why, parts]) => (
        <p key={why} className={styles.line}>
          <span className={styles.quiet}>Not known:</span> {parts.join(', ')}.{' '}
          <span className={styles.quiet}>{why}</span>
        </p>
      ))}
    </>
  );
}

function DifferenceRow({ difference: { name, a, b, detail } }: { difference: Difference }) {
  return (
    <tr>
      <th scope="row" title={name}>
        {name}
      </th>
      <td title={`${a ?? 'none'} → ${b ?? 'none'}`}>
        {a === null && b === null ? null : (
          <>
            <Side value={a} /> <span aria-label="became">→</span> <Side value={b} />
          </>
        )}
        {detail === null ? null : <span className={styles.detail}>{detail}</span>}
      </td>
    </tr>
  );
}

function Side({ value }: { value: string | null }) {
  return value === null ? <span className={styles.quiet}>none</span> : <span>{value}</span>;
}

/** The parts that nobody knows of, by the reason. */
function unknownParts(causes: readonly CauseComparison[]): Map<string, string[]> {
  const parts = new Map<string, string[]>();
  for (const { part, state, why } of causes) {
    if (state !== 'unknown') continue;
    const reason = why ?? '';
    parts.set(reason, [...(parts.get(reason) ?? []), partNames[part].toLowerCase()]);
  }
  return parts;
}

const partNames: Record<CausePart, string> = {
  code: 'Code',
  command: 'Command',
  params: 'Params',
  data: 'Data',
  packages: 'Packages',
  interpreter: 'Interpreter',
  variables: 'Environment variables',
  machine: 'Machine',
};
