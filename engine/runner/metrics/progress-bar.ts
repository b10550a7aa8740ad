const tqdm = /^(.*?)\s*\d+%\|[^|]*\|\s*(\d+)\/(\d+)\s*\[([^\]]*)\]?/;
const keras = /^\s*(\d+)\/(\d+|Unknown)\s+[[━╸═=>.\u2500-\u257f]/;
const counted = /[[(]\s*(\d+)\/(\d+)\s*(?:\(\s*\d+(?:\.\d+)?%\))?\s*[\])]/;

/** A line that says how far something is. */
export interface Progress {
  /** What is counted, without its numbers, so that every epoch's bar has the same name. */
  readonly name: string;
  readonly done: number;
  readonly total: number;
  /** Where in the line measures may stand. */
  readonly rest: string;
  /** `running`: values before the end are running means of the epoch, as in Keras. */
  readonly kind: 'bar' | 'running' | 'count';
}

/** tqdm (`45%|████ | 45/100 [00:01<00:02, 30.0it/s, loss=0.5]`), Keras (`45/100 [====>…]`), or `[640/60000 (1%)]`. */
export function progressIn(line: string): Progress | null {
  if (line.includes('%|')) {
    const bar = tqdm.exec(line);
    if (bar !== null)
      return progress(bar[1] ?? '', bar[2], bar[3], `${bar[4] ?? ''} ${line.slice(bar[0].length)}`, 'bar');
  }
  const slash = line.indexOf('/');
  if (slash < 0) return null;
  if (slash < 12) {
    const bar = keras.exec(line);
    if (bar !== null)
      return progress(
        '',
        bar[1],
        bar[2] === 'Unknown' ? '0' : bar[2],
        line.slice(line.indexOf(' - ') + 1),
        'running',
      );
  }
  const count = counted.exec(line);
  // `Epoch [3/10]` counts epochs, not batches.
  if (count === null || /epoch[s:]?\s*$/i.test(line.slice(0, count.index))) return null;
  return progress('', count[1], count[2], line, 'count');
}

function progress(
  name: string,
  done: string | undefined,
  total: string | undefined,
  rest: string,
  kind: Progress['kind'],
): Progress {
  return {
    name: name
      .replaceAll(/[\d/:\s]+/g, ' ')
      .trim()
      .slice(0, 60),
    done: Number(done),
    total: Number(total),
    rest,
    kind,
  };
}
