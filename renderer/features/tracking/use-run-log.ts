import { useCallback, useEffect, useRef, useState } from 'react';
import { engine } from '../../app/engine.ts';
import { appendToLog, emptyLogWindow, prependToLog, type LogWindow } from '../../ui/log-view/log-window.ts';

const pageBytes = 256 * 1024;
/** What a screen shows at first, and more than a screen of it; the rest comes as the scroll nears it. */
const firstBytes = 48 * 1024;

interface RunLog {
  readonly log: LogWindow | null;
  readonly sizeBytes: number;
  readonly error: unknown;
  readonly onEarlier: (() => void) | undefined;
  readonly onLater: (() => void) | undefined;
  onStart(): void;
  onEnd(): void;
  onPlace(offset: number): void;
}

/**
 * A run's console output, opened at its end whatever its length. Pages around it are read on demand; while the run goes on and
 * the end is loaded, new output is followed as it is written.
 */
export function useRunLog(runId: string, isLive: boolean): RunLog {
  const [log, setLog] = useState<LogWindow | null>(null);
  const [sizeBytes, setSize] = useState(0);
  const [isComplete, setComplete] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [isBusy, setBusy] = useState(false);
  const generation = useRef(0);

  const read = useCallback(
    async (
      offset: number,
      place: (before: LogWindow | null, at: number, bytes: Uint8Array) => LogWindow,
      limit = pageBytes,
    ) => {
      const own = generation.current;
      setBusy(true);
      try {
        const page = await engine.runner.log({ runId, offset, limit });
        if (own !== generation.current) return;
        setLog((before) => place(before, page.offset, page.bytes));
        setSize(page.sizeBytes);
        setComplete(page.isComplete);
        setError(null);
      } catch (failure) {
        if (own === generation.current) setError(failure);
      } finally {
        if (own === generation.current) setBusy(false);
      }
    },
    [runId],
  );
  const onEnd = useCallback(() => {
    generation.current++;
    void read(-firstBytes, (_, at, bytes) => appendToLog(emptyLogWindow(at), at, bytes));
  }, [read]);
  const onStart = useCallback(() => {
    generation.current++;
    void read(0, (_, at, bytes) => appendToLog(emptyLogWindow(at), at, bytes));
  }, [read]);
  useEffect(() => onEnd(), [onEnd]);

  const atEnd = log !== null && log.to >= sizeBytes;
  const hasEnd = log !== null && atEnd && !isComplete && isLive;
  useEffect(() => {
    if (!hasEnd || log === null) return;
    const leave = new AbortController();
    const follow = async (from: number) => {
      for await (const page of engine.runner.followLog({ runId, offset: from }, { signal: leave.signal })) {
        setLog((before) => appendToLog(before ?? emptyLogWindow(page.offset), page.offset, page.bytes));
        setSize((size) => Math.max(size, page.sizeBytes, page.offset + page.bytes.length));
      }
    };
    follow(log.to).catch((failure: unknown) => {
      if (!leave.signal.aborted) setError(failure);
    });
    return () => leave.abort();
    // `log` grows by this very stream; it must not begin again for that.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [hasEnd, runId]);

  const earlier = log !== null && log.from > 0 && !isBusy;
  const later = log !== null && !atEnd && !isBusy;
  return {
    log,
    sizeBytes: Math.max(sizeBytes, log?.to ?? 0),
    error,
    onEarlier: earlier
      ? () => {
          const from = Math.max(0, log.from - pageBytes);
          void read(
            from,
            (before, at, bytes) => (before === null ? emptyLogWindow(at) : prependToLog(before, at, bytes)),
            log.from - from,
          );
        }
      : undefined,
    onLater: later
      ? () => void read(log.to, (before, at, bytes) => appendToLog(before ?? emptyLogWindow(at), at, bytes))
      : undefined,
    onStart,
    onEnd,
    onPlace(offset) {
      // Its line has to be there whole, as far as a page goes.
      if (log !== null && log.from <= offset && offset + pageBytes / 4 <= Math.max(log.to, 0)) return;
      if (log !== null && log.from <= offset && atEnd) return;
      generation.current++;
      const from = Math.max(0, offset - pageBytes / 2);
      void read(from, (_, at, bytes) => appendToLog(emptyLogWindow(at), at, bytes));
    },
  };
}
