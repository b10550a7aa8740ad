import { createEventQueue, type StreamItem } from '../contract/index.ts';

/** Progress is told this often at most, in milliseconds. */
const progressPauseMs = 100;

/** A stream of the work's progress now and then, and of its outcome last. Whoever stops listening ends the work. */
export async function* withProgress<Event extends { kind: string }>(
  signal: AbortSignal,
  work: (tell: (event: Event) => void, ended: AbortSignal) => Promise<Event>,
): AsyncGenerator<StreamItem<Event>> {
  const left = new AbortController();
  const events = createEventQueue<Event>(() => left.abort());
  let toldAt = 0;
  const tell = (event: Event) => {
    const at = performance.now();
    if (at - toldAt < progressPauseMs) return;
    toldAt = at;
    events.push(event);
  };
  work(tell, AbortSignal.any([signal, left.signal])).then(
    (event) => {
      events.push(event);
      events.end();
    },
    (error: unknown) => events.fail(error),
  );
  try {
    for (let next = await events.next(); next.done !== true; next = await events.next())
      yield { cursor: next.value.kind, event: next.value };
  } finally {
    await events.return?.();
  }
}
