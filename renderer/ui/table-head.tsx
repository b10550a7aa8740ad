import tables from './table.module.css';

/** A column by its title: of words, of numbers, or the one that takes what the others leave. */
export type Column =
  | string
  | { readonly title: string; readonly is?: 'number' | 'rest' | 'unseen'; readonly help?: string };

/** Columns of numbers: title and cells stand at the right. */
export const numbers = (...titles: readonly string[]): readonly Column[] =>
  titles.map((title) => ({ title, is: 'number' as const }));

/** The column that takes what the others leave. */
export const rest = (title: string): Column => ({ title, is: 'rest' });

/** The column of the buttons of each row; its title is for who does not see them. */
export const actions: Column = { title: 'Actions', is: 'unseen' };

/** @param rowIndex where the rows that are drawn are not all there are. */
export function TableHead({ columns, rowIndex }: { columns: readonly Column[]; rowIndex?: number }) {
  return (
    <thead>
      <tr aria-rowindex={rowIndex}>
        {columns.map((column, at) => {
          const { title, is, help } = typeof column === 'string' ? { title: column } : column;
          return (
            <th key={`${at} ${title}`} scope="col" title={help} className={classOf(is)}>
              {is === 'unseen' ? <span className="sr-only">{title}</span> : title}
            </th>
          );
        })}
      </tr>
    </thead>
  );
}

const classOf = (is: 'number' | 'rest' | 'unseen' | undefined) =>
  is === 'number' ? tables.number : is === 'rest' ? tables.rest : undefined;
