/**
 * Follows a stream to its last event, which is its outcome. On a terminal the way there is shown on stderr; Ctrl-C cancels the
 * work itself, not only the wait for it.
 */
export async function lastEvent<Event extends { kind: string }>(
  start: (options: { signal: AbortSignal }) => AsyncIterable<Event>,
  progressText: (event: Exclude<Event, { kind: 'done' }>) => string,
): Promise<Extract<Event, { kind: 'done' }>> {
  const interrupted = new AbortController();
  const cancel = () => interrupted.abort();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, cancel);
  const isShown = process.stderr.isTTY;
  try {
    for await (const event of start({ signal: interrupted.signal })) {
      if (event.kind === 'done') return event as Extract<Event, { kind: 'done' }>;
      if (isShown) process.stderr.write(`\r\x1b[K${progressText(event as Exclude<Event, { kind: 'done' }>)}`);
    }
    throw new Error('The engine told no outcome.');
  } finally {
    if (isShown) process.stderr.write('\r\x1b[K');
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, cancel);
  }
}
