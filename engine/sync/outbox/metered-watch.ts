/** How often is looked again, in ms, while something is on its way or waits for another network. */
const lookEveryMs = 20_000;

/** Whether the network is metered, asked only while somebody wants to send. */
export interface MeteredWatch {
  /** Looks, unless that was done lately, and goes on looking for as long as it is needed. */
  watch(): void;
  /** Null before it was asked. A system that does not tell is taken for one that is not metered. */
  isMetered(): boolean | null;
  close(): void;
}

/** @param onTurn told when it is otherwise than before, and after the first look. */
export function createMeteredWatch({
  read,
  isNeeded,
  onTurn,
}: {
  /** Never rejects. */
  read: () => Promise<boolean | null>;
  isNeeded: () => boolean;
  onTurn: (isMetered: boolean) => void;
}): MeteredWatch {
  let isMetered: boolean | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isLooking = false;
  let isClosed = false;

  async function look(): Promise<void> {
    isLooking = true;
    const found = (await read()) === true;
    isLooking = false;
    if (isClosed) return;
    timer = setTimeout(() => {
      timer = undefined;
      // What was known of a network is not known of the next one.
      if (isNeeded()) void look();
      else isMetered = null;
    }, lookEveryMs).unref();
    if (found === isMetered) return;
    isMetered = found;
    onTurn(found);
  }

  return {
    watch() {
      if (timer === undefined && !isLooking && !isClosed) void look();
    },
    isMetered: () => isMetered,
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}
