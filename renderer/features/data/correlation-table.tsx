import type { TableProfile } from '../../../contract/index.ts';
import { formatCount } from '../../ui/format-number.ts';
import { numbers, TableHead } from '../../ui/table-head.tsx';
import tables from '../../ui/table.module.css';
import styles from './profile.module.css';

type Correlations = NonNullable<TableProfile['correlations']>;

/** How strongly columns go together, in figures and by the strength of their ground. */
export function CorrelationTable({ correlations }: { correlations: Correlations }) {
  const { numbers, categories, rowCount } = correlations;
  return (
    <details className={styles.details}>
      <summary>What goes together</summary>
      <p className={tables.quiet}>
        Of {formatCount(rowCount)} rows and the first twenty columns of each kind. 1 goes together wholly, 0
        not at all; below 0 the one falls where the other rises.
      </p>
      <Matrix title="Numbers, by rank (Spearman)" columns={numbers.columns} values={numbers.spearman} />
      <Matrix title="Numbers, along a line (Pearson)" columns={numbers.columns} values={numbers.pearson} />
      <Matrix title="Categories (Cramér’s V)" columns={categories.columns} values={categories.cramersV} />
    </details>
  );
}

function Matrix({
  title,
  columns,
  values,
}: {
  title: string;
  columns: readonly string[];
  values: readonly (readonly (number | null)[])[];
}) {
  if (columns.length < 2) return null;
  return (
    <div className={tables.sideways} tabIndex={0} role="region" aria-label={title}>
      <table className={tables.table}>
        <TableHead columns={[title, ...numbers(...columns)]} />
        <tbody>
          {columns.map((name, at) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {columns.map((other, place) => {
                const value = values[at]?.[place] ?? null;
                return (
                  <td
                    key={other}
                    className={tables.number}
                    style={{
                      color: 'var(--text)',
                      background: `color-mix(in srgb, var(--${value !== null && value < 0 ? 'run-2' : 'run-1'}) ${Math.round(Math.abs(at === place ? 0 : (value ?? 0)) * 30)}%, var(--surface))`,
                    }}
                  >
                    {at === place ? '' : value === null ? 'none' : value.toFixed(2)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
