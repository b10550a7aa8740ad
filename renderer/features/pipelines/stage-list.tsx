import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, type KeyboardEvent } from 'react';
import { StatusMark, statusWord } from '../../ui/status-mark.tsx';
import { countLooks, type StageLook } from './stage-look.ts';
import styles from './stage-list.module.css';
import type { StageRow } from './stage-rows.ts';

const rowPx = 28;

interface StageListProps {
  readonly rows: readonly StageRow[];
  readonly folded: ReadonlySet<string>;
  readonly lookOf: (stage: string) => StageLook;
  readonly detailOf: (stage: string) => string;
  readonly selected: string | null;
  onSelect(id: string): void;
  /** Enter, or a click on what is selected. */
  onOpen(id: string): void;
  onFold(group: string, isFolded: boolean): void;
}

/** The stages as a tree: the accessible form of the graph. One Tab stop; only the lines in view are drawn. */
export function StageList(props: StageListProps) {
  const { rows, folded, selected, onSelect, onOpen, onFold } = props;
  const scrollRef = useRef<HTMLDivElement>(null);
  const lines = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => rowPx,
    overscan: 10,
    initialRect: { width: 240, height: 900 },
  });
  // A stage in a folded group is shown as its group.
  const at = rows.findIndex((row) =>
    row.kind === 'group' && folded.has(row.group)
      ? row.id === selected || row.stages.some(({ name }) => name === selected)
      : row.id === selected,
  );
  useEffect(() => {
    if (at >= 0) lines.scrollToIndex(at, { align: 'auto' });
    // Only when another stage is chosen, not when the list around it changes.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [selected]);
  const items = lines.getVirtualItems();

  const onKey = (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const go = (to: number) => {
      const row = rows[Math.min(rows.length - 1, Math.max(0, to))];
      if (row !== undefined) onSelect(row.id);
    };
    const row = rows[at];
    const key = event.key;
    if (key === 'ArrowDown' || key === 'j') go(at + 1);
    else if (key === 'ArrowUp' || key === 'k') go(at - 1);
    else if (key === 'Home') go(0);
    else if (key === 'End') go(rows.length - 1);
    else if (key === 'PageDown') go(at + 15);
    else if (key === 'PageUp') go(at - 15);
    else if (row === undefined) return;
    else if (key === 'Enter' || key === ' ') onOpen(row.id);
    else if (key === 'ArrowRight') {
      if (row.kind === 'group' && folded.has(row.group)) onFold(row.group, false);
      else if (row.kind === 'group') go(at + 1);
    } else if (key === 'ArrowLeft') {
      if (row.kind === 'group') onFold(row.group, true);
      else go(rows.findIndex((other) => other.kind === 'group' && other.group === row.stage.group));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      ref={scrollRef}
      className={styles.scroll}
      role="tree"
      tabIndex={0}
      data-region-focus
      aria-label="Stages"
      aria-activedescendant={items.some(({ index }) => index === at) ? `stage-${rows[at]?.id}` : undefined}
      onKeyDown={onKey}
    >
      <div style={{ height: lines.getTotalSize(), position: 'relative' }} role="presentation">
        {items.map(({ index, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          return (
            <StageLine
              key={row.id}
              {...props}
              row={row}
              topPx={start}
              isSelected={index === at}
              isFolded={row.kind === 'group' && folded.has(row.group)}
              onPress={() => (row.id === selected ? onOpen(row.id) : onSelect(row.id))}
            />
          );
        })}
      </div>
    </div>
  );
}

function StageLine({
  row,
  topPx,
  isSelected,
  isFolded,
  lookOf,
  detailOf,
  onFold,
  onPress,
}: StageListProps & {
  row: StageRow;
  topPx: number;
  isSelected: boolean;
  isFolded: boolean;
  onPress: () => void;
}) {
  const looks = row.kind === 'group' ? countLooks(row.stages.map(({ name }) => lookOf(name))) : [];
  const look = row.kind === 'group' ? (looks[0]?.look ?? 'unknown') : lookOf(row.stage.name);
  const name = row.kind === 'group' ? row.group : row.stage.name;
  const detail =
    row.kind === 'group'
      ? looks.map(({ look: each, count }) => `${count} ${statusWord(each)}`).join(', ')
      : detailOf(row.stage.name);
  // What is seen of it first, as it stands there: who speaks to the machine says that.
  const shown = row.kind === 'group' ? `× ${row.stages.length}` : detail;
  const label = [`${name} ${shown}`.trim(), statusWord(look), row.kind === 'group' ? detail : '']
    .filter((part) => part !== '')
    .join(', ');
  return (
    // The tree takes the keys.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={`stage-${row.id}`}
      role="treeitem"
      aria-level={row.kind === 'stage' && row.stage.group !== null ? 2 : 1}
      aria-expanded={row.kind === 'group' ? !isFolded : undefined}
      aria-selected={isSelected}
      aria-label={label}
      className={styles.line}
      style={{ top: topPx }}
      data-within={(row.kind === 'stage' && row.stage.group !== null) || undefined}
      title={`${name}${detail === '' ? '' : `: ${detail}`}`}
      onClick={onPress}
    >
      {row.kind === 'group' ? (
        <button
          type="button"
          tabIndex={-1}
          aria-hidden
          className={styles.fold}
          onClick={(event) => {
            event.stopPropagation();
            onFold(row.group, !isFolded);
          }}
        >
          {isFolded ? (
            <IconChevronRight size={14} stroke={1.5} />
          ) : (
            <IconChevronDown size={14} stroke={1.5} />
          )}
        </button>
      ) : null}
      <StatusMark status={look} isIconOnly />
      <span className={styles.name}>{name} </span>
      <span className={styles.detail}>{shown}</span>
    </div>
  );
}
