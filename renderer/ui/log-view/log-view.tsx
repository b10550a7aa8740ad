import { useVirtualizer } from '@tanstack/react-virtual';
import { Button } from '@mantine/core';
import { IconArrowBarToDown, IconArrowBarToUp } from '@tabler/icons-react';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { copyText } from '../copy-text.ts';
import { formatBytes } from '../format-bytes.ts';
import { formatCount } from '../format-number.ts';
import { withoutAnsi } from './ansi-spans.ts';
import type { LogSearch } from './log-search.ts';
import { LogSearchField } from './log-search-field.tsx';
import { LogText } from './log-text.tsx';
import { shownLines, type LogWindow } from './log-window.ts';
import styles from './log-view.module.css';

const linePx = 18;

interface LogViewProps {
  readonly log: LogWindow;
  /** Length of the whole log in bytes. */
  readonly sizeBytes: number;
  readonly isLive: boolean;
  /** Reads what lies before; left out while that is under way or there is nothing. */
  readonly onEarlier: (() => void) | undefined;
  readonly onLater: (() => void) | undefined;
  onStart(): void;
  onEnd(): void;
  /** Reads the part around a byte of the log, if it is not there. */
  onPlace(offset: number): void;
  readonly search: LogSearch;
}

/** Console output: only the lines in view are drawn, earlier and later parts are read when the scroll nears them. */
export function LogView({
  log,
  sizeBytes,
  isLive,
  onEarlier,
  onLater,
  onStart,
  onEnd,
  onPlace,
  search,
}: LogViewProps) {
  const lines = useMemo(() => shownLines(log), [log]);
  const scrollRef = useRef<HTMLDivElement>(null);
  const [isFollowing, setFollowing] = useState(true);
  const { query, finds } = search;
  /** The find that is looked at, as the offset of its line; `isReached` once it was brought into view. */
  const [find, setFind] = useState<{ offset: number; isReached: boolean } | null>(null);
  // Its functions change without notice, so nothing built on them may be memoised; nothing here is.
  // oxlint-disable-next-line react/incompatible-library
  const rows = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scrollRef.current,
    estimateSize: () => linePx,
    overscan: 20,
    initialRect: { width: 1000, height: 800 },
  });

  // Lines put in front must not move what is being read.
  const firstOffset = lines[0]?.offset ?? 0;
  const before = useRef({ firstOffset, count: lines.length });
  useLayoutEffect(() => {
    const scroll = scrollRef.current;
    const added =
      firstOffset < before.current.firstOffset && before.current.count > 0
        ? lines.findIndex((line) => line.offset === before.current.firstOffset)
        : 0;
    if (scroll !== null && added > 0) scroll.scrollTop += added * linePx;
    else if (scroll !== null && isFollowing) scroll.scrollTop = scroll.scrollHeight;
    before.current = { firstOffset, count: lines.length };
  }, [firstOffset, lines, isFollowing]);

  useEffect(() => setFind(null), [query]);
  useEffect(() => {
    if (find === null || find.isReached) return;
    const at = lines.findIndex((line) => line.offset === find.offset);
    if (at < 0) return;
    rows.scrollToIndex(at, { align: 'center' });
    setFind({ ...find, isReached: true });
  }, [find, lines, rows]);
  /** To the next find behind the one that is looked at, or behind what is seen; round the end to the other side. */
  const onStep = (direction: 1 | -1) => {
    if (finds.length === 0) return;
    const seen = lines[Math.floor((scrollRef.current?.scrollTop ?? 0) / linePx)]?.offset ?? 0;
    const next =
      direction > 0
        ? finds.firstFrom(find === null ? seen : find.offset + 1)
        : finds.firstFrom(find?.offset ?? seen) - 1;
    const offset = finds.at((next + finds.length) % finds.length);
    if (offset === undefined) return;
    setFollowing(false);
    setFind({ offset, isReached: false });
    onPlace(offset);
  };
  const onScroll = () => {
    const scroll = scrollRef.current;
    if (scroll === null) return;
    const fromEnd = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight;
    setFollowing(fromEnd < linePx);
    if (scroll.scrollTop < 60 * linePx) onEarlier?.();
    if (fromEnd < 60 * linePx) onLater?.();
  };
  const part =
    log.from === 0 && log.to >= sizeBytes
      ? formatBytes(sizeBytes)
      : `${formatBytes(log.from)}–${formatBytes(log.to)} of ${formatBytes(sizeBytes)}`;
  return (
    <div className={styles.frame}>
      <div className={styles.bar} role="toolbar" aria-label="Log">
        <LogSearchField
          search={search}
          place={find === null ? null : finds.firstFrom(find.offset)}
          onStep={onStep}
        />
        {query.text === '' ? (
          <span className={styles.quiet} role="status">
            {`${lines.length === 1 ? '1 line' : `${formatCount(lines.length)} lines`} · ${part}`}
          </span>
        ) : null}
        <span className={styles.space} />
        {log.from > 0 ? (
          <Button
            leftSection={<IconArrowBarToUp size={14} stroke={1.5} />}
            onClick={() => {
              setFollowing(false);
              onStart();
            }}
          >
            Start
          </Button>
        ) : null}
        <Button
          leftSection={<IconArrowBarToDown size={14} stroke={1.5} />}
          aria-pressed={isFollowing}
          onClick={() => {
            setFollowing(true);
            onEnd();
            scrollRef.current?.scrollTo({ top: scrollRef.current.scrollHeight });
          }}
        >
          {isLive ? (isFollowing ? 'Following' : 'Follow') : 'End'}
        </Button>
        <Button
          onClick={() =>
            void copyText(lines.map((line) => withoutAnsi(line.text)).join('\n'), 'the loaded lines')
          }
        >
          Copy
        </Button>
      </div>
      <div
        ref={scrollRef}
        className={styles.scroll}
        tabIndex={0}
        role="log"
        aria-label="Console output"
        aria-live="off"
        onScroll={onScroll}
        data-read
      >
        <div style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {rows.getVirtualItems().map((item) => {
            const line = lines[item.index];
            return line === undefined ? null : (
              <div
                key={line.offset}
                className={styles.line}
                data-found={line.offset === find?.offset || undefined}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <LogText text={line.text} query={query} />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
