import { Button, Popover, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconColumns } from '@tabler/icons-react';
import { useState } from 'react';
import type { Run, RunOrder } from '../../../contract/index.ts';
import styles from './column-chooser.module.css';
import { columnOf, fixedColumnIds } from './run-columns.ts';

interface ColumnChooserProps {
  readonly runs: readonly Run[];
  readonly chosen: readonly string[];
  readonly isDefault: boolean;
  onChoose(ids: string[] | null): void;
  readonly order: RunOrder;
  onOrder(order: RunOrder): void;
  readonly isOpen: boolean;
  onOpen(isOpen: boolean): void;
}

/** Which columns the table has, and by which one it is ordered: the way to both without a pointer. */
export function ColumnChooser({
  runs,
  chosen,
  isDefault,
  onChoose,
  order,
  onOrder,
  isOpen,
  onOpen,
}: ColumnChooserProps) {
  const [wanted, setWanted] = useState('');
  const keys = (kind: 'metrics' | 'params') =>
    [...new Set(runs.flatMap((run) => Object.keys(run[kind])))].toSorted((one, other) =>
      one.localeCompare(other),
    );
  const metrics = keys('metrics');
  const groups = [
    { name: 'Run', ids: fixedColumnIds },
    { name: 'Metrics, last value', ids: metrics.map((key) => `metrics.${key}`) },
    {
      name: 'Trend',
      ids: metrics
        .filter((key) => runs.some((run) => (run.metrics[key]?.count ?? 0) > 1))
        .map((key) => `trend.${key}`),
    },
    { name: 'Params', ids: keys('params').map((key) => `params.${key}`) },
  ];
  const toggle = (id: string) =>
    onChoose(chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id]);
  return (
    <Popover
      opened={isOpen}
      onChange={onOpen}
      position="bottom-end"
      width={300}
      offset={4}
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <Button leftSection={<IconColumns size={14} stroke={1.5} />} onClick={() => onOpen(!isOpen)}>
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={styles.drop ?? ''} aria-label="Columns">
        <TextInput
          aria-label="Find a column"
          placeholder="Find a column"
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
          data-autofocus
        />
        <div className={styles.list}>
          {groups.map(({ name, ids }) => {
            const columns = ids
              .map((id) => columnOf(id, runs))
              .filter(
                (column) => column !== null && column.title.toLowerCase().includes(wanted.toLowerCase()),
              );
            if (columns.length === 0) return null;
            return (
              <fieldset key={name} className={styles.group}>
                <legend className={styles.name}>{name}</legend>
                {columns.map((column) =>
                  column === null ? null : (
                    <div key={column.id} className={styles.line}>
                      <label className={styles.label}>
                        <input
                          type="checkbox"
                          checked={chosen.includes(column.id)}
                          onChange={() => toggle(column.id)}
                        />
                        <span className={styles.title}>{column.title}</span>
                      </label>
                      {column.isSortable ? (
                        <button
                          type="button"
                          className={styles.order}
                          aria-label={`Order by ${column.title}`}
                          data-on={order.by === column.id || undefined}
                          onClick={() =>
                            onOrder({
                              by: column.id,
                              descending: order.by === column.id ? !order.descending : true,
                            })
                          }
                        >
                          {order.by === column.id && !order.descending ? (
                            <IconArrowUp size={13} />
                          ) : (
                            <IconArrowDown size={13} />
                          )}
                        </button>
                      ) : null}
                    </div>
                  ),
                )}
              </fieldset>
            );
          })}
        </div>
        <div className={styles.foot}>
          <Button size="compact-xs" disabled={isDefault} onClick={() => onChoose(null)}>
            Choose for me
          </Button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
