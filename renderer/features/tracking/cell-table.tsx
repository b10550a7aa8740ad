import styles from './run-artifacts.module.css';

const isNumberOrEmpty = (cell: string) =>
  Number.isFinite(Number(cell)) || /^[+-]?(nan|inf(inity)?)$/i.test(cell);

/** Cells of a table, columns of numbers to the right. */
export function CellTable({
  names,
  rows,
}: {
  names: readonly string[];
  rows: readonly (readonly (string | null)[])[];
}) {
  const isNumber = names.map((_, column) => rows.every((row) => isNumberOrEmpty(row[column] ?? '')));
  return (
    <table className={styles.cells}>
      <thead>
        <tr>
          {names.map((name, column) => (
            <th
              key={`${column} ${name}`}
              scope="col"
              className={isNumber[column] ? styles.number : undefined}
            >
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, at) => (
          <tr key={at}>
            {names.map((name, column) => (
              <td key={`${column} ${name}`} className={isNumber[column] ? styles.number : undefined}>
                {row[column]}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
