import { CopyButton } from '../../ui/copy-button.tsx';
import styles from './run-overview.module.css';

/** One row of a table of facts: a name and its value, which can be copied where one would. */
export function Fact({ name, value, canCopy = false }: { name: string; value: string; canCopy?: boolean }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className={styles.value}>
        <span title={value}>{canCopy ? <code>{value}</code> : value}</span>
        {canCopy ? <CopyButton text={value} what={name.toLowerCase()} /> : null}
      </td>
    </tr>
  );
}
