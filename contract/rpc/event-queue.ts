/** An async iterator that is fed by hand. `onLeave` runs once when the reader stops early or the queue ends. */
export interface EventQueue<T> extends AsyncIterator<T> {
  push(event: T): void;
  end(): void;
  fail(error: unknown): void;
}

export function createEventQueue<T>(onLeave: () => void): EventQueue<T> {
  const events: T[] = [];
  const readers: { resolve(result: IteratorResult<T>): void; reject(error: unknown): void }[] = [];
  let over: { error: unknown } | 'end' | undefined;

  function close(how: { error: unknown } | 'end'): void {
    if (over !== undefined) return;
    over = how;
    onLeave();
    for (const reader of readers.splice(0)) settle(reader);
  }
  function settle(reader: { resolve(result: IteratorResult<T>): void; reject(error: unknown): void }): void {
    if (over === 'end' || over === undefined) reader.resolve({ done: true, value: undefined });
    else {
      const { error } = over;
      over = 'end';
      reader.reject(error);
    }
  }

  return {
    push(event) {
      if (over !== undefined) return;
      const reader = readers.shift();
      if (reader === undefined) events.push(event);
      else reader.resolve({ done: false, value: event });
    },
    end: () => close('end'),
    fail: (error) => close({ error }),
    next() {
      if (events.length > 0) return Promise.resolve({ done: false, value: events.shift() as T });
      return new Promise((resolve, reject) => {
        if (over === undefined) readers.push({ resolve, reject });
        else settle({ resolve, reject });
      });
    },
    return() {
      events.length = 0;
      close('end');
      return Promise.resolve({ done: true, value: undefined });
    },
  };
}
