import type { ReactNode } from 'react';
import styles from './side-by-side.module.css';
import tables from './table.module.css';

/** Few things beside each other: a column each, with what is told of them in rows. Figures are set to the right. */
export function SideBySide<Side>({
  rowsAre,
  sides,
  rows,
  areFigures = false,
}: {
  /** What the rows are, for those who hear the table. */
  rowsAre: string;
  sides: readonly { readonly key: string; readonly head: ReactNode; readonly side: Side }[];
  rows: readonly { readonly name: string; readonly of: (side: Side) => ReactNode }[];
  areFigures?: boolean;
}) {
  return (
    <table className={`${tables.table} ${areFigures ? styles.figures : styles.texts}`}>
      <thead>
        <tr>
          <th scope="col" className={styles.name}>
            <span className="sr-only">{rowsAre}</span>
          </th>
          {sides.map(({ key, head }) => (
            <th key={key} scope="col" className={styles.cell}>
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ name, of }) => (
          <tr key={name}>
            <th scope="row" className={styles.name}>
              {name}
            </th>
            {sides.map(({ key, side }) => (
              <td key={key} className={styles.cell}>
                {of(side)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
