import { Button, Popover, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconColumns } from '@tabler/icons-react';
import { useState, type KeyboardEvent } from 'react';
import type { Run, RunOrder } from '../../../contract/index.ts';
import styles from './column-chooser.module.css';
import { columnOf, fixedColumnIds, type RunColumn } from './run-columns.ts';
import { shownTags } from './run-tags.ts';
import { clampWidth } from './use-shown-columns.ts';

const widthStepPx = 16;

interface ColumnChooserProps {
  readonly runs: readonly Run[];
  readonly chosen: readonly string[];
  readonly isDefault: boolean;
  onChoose(ids: string[] | null): void;
  /** Widths that a person gave, in pixels by column. */
  readonly widths: Record<string, number>;
  onWidths(widths: Record<string, number>): void;
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
  widths,
  onWidths,
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
  const tags = [...new Set(runs.flatMap((run) => shownTags(run).map(([key]) => key)))].toSorted();
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
    { name: 'One tag each', ids: tags.map((key) => `tags.${key}`) },
  ];
  const toggle = (id: string) =>
    onChoose(chosen.includes(id) ? chosen.filter((each) => each !== id) : withColumn(chosen, id, runs));
  /** Alt with an arrow: up and down move a chosen column, left and right change its width. */
  const arrange = (event: KeyboardEvent, column: RunColumn) => {
    if (!event.altKey || !chosen.includes(column.id)) return;
    const at = chosen.indexOf(column.id);
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const wider = { ArrowLeft: -widthStepPx, ArrowRight: widthStepPx }[event.key];
    if (step !== undefined && chosen[at + step] !== undefined)
      onChoose(chosen.toSpliced(at, 1).toSpliced(at + step, 0, column.id));
    else if (wider !== undefined)
      onWidths({ ...widths, [column.id]: clampWidth((widths[column.id] ?? column.widthPx) + wider) });
    else if (step === undefined) return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <Popover
      opened={isOpen}
      onChange={onOpen}
      position="bottom-end"
      width={340}
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
                          onKeyDown={(event) => arrange(event, column)}
                        />
                        <span className={styles.title}>{column.title}</span>
                      </label>
                      {column.group === 'Metrics'
                        ? (['best', 'min', 'max'] as const).map((what) => {
                            const id = `${what}.${column.title}`;
                            const other = columnOf(id, runs);
                            return other === null ? null : (
                              <button
                                key={what}
                                type="button"
                                className={styles.what}
                                aria-pressed={chosen.includes(id)}
                                aria-label={`${what} of ${column.title}`}
                                onClick={() => toggle(id)}
                                onKeyDown={(event) => arrange(event, other)}
                              >
                                {what}
                              </button>
                            );
                          })
                        : null}
                      {column.orderBy !== null ? (
                        <button
                          type="button"
                          className={styles.order}
                          aria-label={`Order by ${column.title}`}
                          data-on={order.by === column.orderBy || undefined}
                          onClick={() =>
                            onOrder({
                              by: column.orderBy ?? column.id,
                              descending: order.by === column.orderBy ? !order.descending : true,
                            })
                          }
                        >
                          {order.by === column.orderBy && !order.descending ? (
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
          <span className={styles.hint}>Alt with arrows moves a column or changes its width.</span>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

/** A new column stands behind those of its kind; the first of a kind comes last. */
function withColumn(chosen: readonly string[], id: string, runs: readonly Run[]): string[] {
  const group = columnOf(id, runs)?.group;
  const last = chosen.findLastIndex((each) => columnOf(each, runs)?.group === group);
  return last < 0 ? [...chosen, id] : chosen.toSpliced(last + 1, 0, id);
}
