/** After a turn of a group the next one begins so many times as long later as that one took … */
const restTimes = 9;
/** … within these bounds: starting a program costs the engine more than it costs the work. */
const shortestRestMs = 500;
const longestRestMs = 2000;

/** Work that many ask for and that is done for all of them at once. */
export interface Turns<Asker, Answer> {
  /**
   * The answer of work that begins after this was asked. Who asks with the same key while it is under way is answered by the next
   * turn. `isInGroup`: more like this one will ask soon, so that turns rest in between.
   */
  ask(key: string, asker: Asker, isInGroup: boolean): Promise<Answer>;
  /** Whoever waits now waits for no rest any more. */
  hurry(): void;
}

interface Waiting<Asker, Answer> {
  readonly asker: Asker;
  readonly isInGroup: boolean;
  readonly answer: PromiseWithResolvers<Answer>;
}

interface Line<Asker, Answer> {
  waiting: Waiting<Asker, Answer>[];
  isAtWork: boolean;
  /** When the next turn may begin, of performance.now(). */
  restsUntil: number;
  timer: NodeJS.Timeout | undefined;
  /** What the timer waits for: the rest to be over, the next turn of the event loop, or to forget the line. */
  due: 'rested' | 'now' | 'forget' | undefined;
}

/** @param work done for all who have asked with one key before it begins; one at a time for each key. */
export function createTurns<Asker, Answer>(
  work: (askers: readonly Asker[]) => Promise<Answer>,
): Turns<Asker, Answer> {
  const lines = new Map<string, Line<Asker, Answer>>();

  async function turn(key: string, line: Line<Asker, Answer>): Promise<void> {
    line.isAtWork = true;
    const beganAt = performance.now();
    const taken = line.waiting;
    line.waiting = [];
    try {
      const answer = await work(taken.map(({ asker }) => asker));
      for (const each of taken) each.answer.resolve(answer);
    } catch (error) {
      for (const each of taken) each.answer.reject(error);
    }
    const endedAt = performance.now();
    const restMs = Math.max(shortestRestMs, Math.min((endedAt - beganAt) * restTimes, longestRestMs));
    line.restsUntil = endedAt + restMs;
    line.isAtWork = false;
    if (line.waiting.length > 0)
      begin(
        key,
        line,
        line.waiting.every(({ isInGroup }) => isInGroup),
      );
    else wait(line, 'forget', restMs, () => lines.delete(key));
  }

  /** A timer that is set already and early enough is left alone: many ask while the line rests. */
  function begin(key: string, line: Line<Asker, Answer>, mayRest: boolean): void {
    if (line.isAtWork) return;
    const restMs = mayRest ? Math.max(0, line.restsUntil - performance.now()) : 0;
    const due = restMs > 0 ? 'rested' : 'now';
    if (line.due !== 'now' && line.due !== due) wait(line, due, restMs, () => void turn(key, line));
  }

  function wait(line: Line<Asker, Answer>, due: NonNullable<typeof line.due>, ms: number, work: () => void) {
    clearTimeout(line.timer);
    line.due = due;
    line.timer = setTimeout(() => {
      line.due = undefined;
      work();
    }, ms);
    if (due === 'forget') line.timer.unref();
  }

  return {
    ask(key, asker, isInGroup) {
      const line: Line<Asker, Answer> = lines.get(key) ?? {
        waiting: [],
        isAtWork: false,
        restsUntil: 0,
        timer: undefined,
        due: undefined,
      };
      lines.set(key, line);
      const answer = Promise.withResolvers<Answer>();
      line.waiting.push({ asker, isInGroup, answer });
      begin(key, line, isInGroup);
      return answer.promise;
    },
    hurry() {
      for (const [key, line] of lines) if (line.waiting.length > 0) begin(key, line, false);
    },
  };
}
