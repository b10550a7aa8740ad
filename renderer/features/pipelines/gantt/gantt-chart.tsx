import { ActionIcon } from '@mantine/core';
import { IconMinus, IconPlus } from '@tabler/icons-react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import type { Run } from '../../../../contract/index.ts';
import { formatDuration } from '../../../ui/format-duration.ts';
import { useElementSize } from '../../../ui/series-chart/element-size.ts';
import { StatusMark } from '../../../ui/status-mark.tsx';
import styles from './gantt-chart.module.css';
import { ganttWords, type Gantt, type GanttRow } from './gantt-rows.ts';
import { tickText, timeTicks } from './time-ticks.ts';

const rowPx = 24;
const axisPx = 24;
const namePx = 208;
/** Room for what is said behind the last bar. */
const endPx = 150;
const tickPx = 90;
const mostZoom = 256;

/** An execution over time: a bar for each stage, shaded where it waited. One Tab stop; only the rows in view are drawn. */
export function GanttChart({
  gantt,
  earlierTries,
  selected,
  onSelect,
}: {
  gantt: Gantt;
  /** Runs of tries before the last, by stage. */
  earlierTries: ReadonlyMap<string, readonly Run[]>;
  selected: string | null;
  onSelect: (stage: string) => void;
}) {
  const { rows, fromAt, toAt } = gantt;
  const scrollRef = useRef<HTMLDivElement>(null);
  const { width } = useElementSize(scrollRef);
  const [zoom, setZoom] = useState(1);
  const lines = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => rowPx,
    overscan: 8,
    paddingStart: axisPx,
    scrollPaddingStart: axisPx,
    initialRect: { width: 900, height: 600 },
  });
  const trackPx = Math.max(120, (width - namePx - endPx) * zoom);
  const spanMs = toAt - fromAt;
  const place = (from: number, to: number) => ({
    left: namePx + ((from - fromAt) / spanMs) * trackPx,
    width: Math.max(2, ((to - from) / spanMs) * trackPx),
  });
  const at = rows.findIndex(({ stage }) => stage.name === selected);
  useEffect(() => {
    if (at >= 0) lines.scrollToIndex(at, { align: 'auto' });
    // Only when another stage is chosen: rows change their order while it goes on.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [selected]);
  const items = lines.getVirtualItems();
  const ticks = timeTicks(spanMs, Math.max(2, Math.floor(trackPx / tickPx)));

  const onKey = (event: KeyboardEvent<HTMLElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== event.currentTarget) return;
    const go = (to: number) => {
      const row = rows[Math.min(rows.length - 1, Math.max(0, to))];
      if (row !== undefined) onSelect(row.stage.name);
    };
    const { key } = event;
    if (key === 'ArrowDown' || key === 'j') go(at + 1);
    else if (key === 'ArrowUp' || key === 'k') go(at - 1);
    else if (key === 'Home') go(0);
    else if (key === 'End') go(rows.length - 1);
    else if (key === 'PageDown') go(at + 15);
    else if (key === 'PageUp') go(at - 15);
    else if (key === '+' || key === '=') setZoom(Math.min(mostZoom, zoom * 2));
    else if (key === '-') setZoom(Math.max(1, zoom / 2));
    else if (key === '0') setZoom(1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className={styles.outer}>
      <div
        ref={scrollRef}
        className={styles.scroll}
        role="grid"
        tabIndex={0}
        data-region-focus
        aria-label="Stages over time"
        aria-rowcount={rows.length}
        aria-activedescendant={
          items.some(({ index }) => index === at) ? `gantt-${rows[at]?.stage.name}` : undefined
        }
        onKeyDown={onKey}
      >
        <div
          role="rowgroup"
          className={styles.content}
          style={{ height: lines.getTotalSize(), width: namePx + trackPx + endPx }}
        >
          <div className={styles.axis} style={{ height: axisPx }} role="presentation">
            <span className={styles.corner} style={{ width: namePx }} />
            {ticks.map((ms) => (
              <span key={ms} className={styles.tick} style={{ left: place(fromAt + ms, fromAt + ms).left }}>
                {tickText(ms)}
              </span>
            ))}
          </div>
          {ticks.map((ms) => (
            <span
              key={ms}
              className={styles.line}
              style={{ left: place(fromAt + ms, fromAt + ms).left, top: axisPx }}
              aria-hidden
            />
          ))}
          {items.map(({ index, start }) => {
            const row = rows[index];
            if (row === undefined) return null;
            return (
              <GanttLine
                key={row.stage.name}
                row={row}
                index={index}
                topPx={start}
                tries={earlierTries.get(row.stage.name) ?? noRuns}
                isSelected={index === at}
                place={place}
                onSelect={onSelect}
              />
            );
          })}
        </div>
      </div>
      <div className={styles.zoom} role="group" aria-label="Zoom">
        <ActionIcon
          size={22}
          aria-label="Zoom in"
          title="Zoom in (+)"
          onClick={() => setZoom(Math.min(mostZoom, zoom * 2))}
        >
          <IconPlus size={14} stroke={1.5} />
        </ActionIcon>
        <ActionIcon
          size={22}
          aria-label="Zoom out"
          title="Zoom out (-)"
          disabled={zoom === 1}
          onClick={() => setZoom(Math.max(1, zoom / 2))}
        >
          <IconMinus size={14} stroke={1.5} />
        </ActionIcon>
      </div>
    </div>
  );
}

const noRuns: readonly Run[] = [];

function GanttLine({
  row,
  index,
  topPx,
  tries,
  isSelected,
  place,
  onSelect,
}: {
  row: GanttRow;
  index: number;
  topPx: number;
  tries: readonly Run[];
  isSelected: boolean;
  place: (from: number, to: number) => { left: number; width: number };
  onSelect: (stage: string) => void;
}) {
  const { stage, readyAt, waitedTo, ranTo, isCritical } = row;
  const words = ganttWords(row, formatDuration);
  const told = [stage.name, stage.state, words, isCritical ? 'on the critical path' : '']
    .filter((part) => part !== '')
    .join(', ');
  const bar = stage.startedAt === null || ranTo === null ? null : place(stage.startedAt, ranTo);
  const wait = readyAt === null || waitedTo === null || waitedTo <= readyAt ? null : place(readyAt, waitedTo);
  const last = bar ?? wait;
  return (
    // The grid takes the keys.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
    <div
      id={`gantt-${stage.name}`}
      role="row"
      aria-rowindex={index + 1}
      aria-selected={isSelected}
      aria-label={told}
      className={styles.row}
      style={{ top: topPx }}
      title={told}
      onClick={() => onSelect(stage.name)}
    >
      <span role="rowheader" className={styles.name}>
        <StatusMark status={stage.state} isIconOnly />
        <span className={styles.words}>{stage.name}</span>
      </span>
      <span role="gridcell">
        {wait === null ? null : <span className={styles.wait} style={wait} />}
        {tries.map((run) =>
          run.startedAt === null || run.endedAt === null ? null : (
            <span
              key={run.id}
              className={styles.try}
              style={place(run.startedAt, run.endedAt)}
              title={run.ending ?? run.status}
            />
          ),
        )}
        {bar === null ? null : (
          <span
            className={styles.bar}
            data-state={stage.state}
            data-critical={isCritical || undefined}
            style={bar}
          />
        )}
        <span
          className={styles.told}
          style={{ left: last === null ? namePx + 4 : last.left + last.width + 6 }}
        >
          {words}
        </span>
      </span>
    </div>
  );
}
