import { useVirtualizer } from '@tanstack/react-virtual';
import { Button, TextInput } from '@mantine/core';
import { IconArrowBarToDown, IconArrowBarToUp, IconSearch } from '@tabler/icons-react';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { copyText } from '../copy-text.ts';
import { formatBytes } from '../format-bytes.ts';
import { formatCount } from '../format-number.ts';
import { withoutAnsi } from './ansi-spans.ts';
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
}

/** Console output: only the lines in view are drawn, earlier and later parts are read when the scroll nears them. */
export function LogView({ log, sizeBytes, isLive, onEarlier, onLater, onStart, onEnd }: LogViewProps) {
  const lines = useMemo(() => shownLines(log), [log]);
  const scrollRef = useRef<HTMLDivElement>(null);
  const [isFollowing, setFollowing] = useState(true);
  const [wanted, setWanted] = useState('');
  const [foundAt, setFoundAt] = useState(0);
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

  const found = useMemo(() => {
    const needle = wanted.toLowerCase();
    return needle === ''
      ? []
      : lines.flatMap((line, at) => (withoutAnsi(line.text).toLowerCase().includes(needle) ? [at] : []));
  }, [lines, wanted]);
  const goTo = (index: number) => {
    const at = found[index];
    if (at === undefined) return;
    setFollowing(false);
    setFoundAt(index);
    rows.scrollToIndex(at, { align: 'center' });
  };
  useEffect(() => setFoundAt(0), [wanted]);

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
        <TextInput
          aria-label="Search in the loaded part"
          placeholder="Search in the loaded part"
          leftSection={<IconSearch size={14} stroke={1.5} />}
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter')
              goTo((foundAt + (event.shiftKey ? found.length - 1 : 1)) % Math.max(1, found.length));
            if (event.key === 'Escape') setWanted('');
          }}
          className={styles.search ?? ''}
        />
        <span className={styles.quiet} role="status">
          {wanted === ''
            ? `${formatCount(lines.length)} lines · ${part}`
            : found.length === 0
              ? 'Not in the loaded part'
              : `${foundAt + 1} of ${formatCount(found.length)}`}
        </span>
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
                data-found={found[foundAt] === item.index || undefined}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <LogText text={line.text} wanted={wanted} />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
