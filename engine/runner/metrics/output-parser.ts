import { z } from 'zod';
import type { Point } from '../../tracking/index.ts';
import { lineReading, type LineReading } from './line-reading.ts';
import { plainReading } from './plain-line.ts';
import type { Progress } from './progress-bar.ts';
import { barStep, clockState, newClockState, progressOf, stepOf } from './step-clock.ts';
import { tableHeading, tableRow } from './table.ts';

const parserState = z.object({
  clock: clockState,
  /** Settings are looked for before the first measure only: later ones are rarely settings. */
  hasMeasures: z.boolean(),
  table: z.array(z.string()).nullable(),
  isInTraceback: z.boolean(),
});
type ParserState = z.infer<typeof parserState>;

/** Finds measures in what a program prints, line by line. All that it remembers is in `state`. */
export interface OutputParser {
  /**
   * One line without its end; `timeMs` (UTC) is given to its points. Returns false when it said nothing, neither of
   * measures nor of where the program stands. With the shape of the line (line-scan.ts), where that is known, it is faster.
   */
  line(text: string, timeMs: number, shape?: number): boolean;
  /** True where a line says what it says by itself: not below the heading of a table, not in a traceback. */
  isAnywhere(): boolean;
  /** What has been found since the last call. */
  take(): { points: Point[]; params: Record<string, string> };
  /** As JSON; a parser made with it goes on exactly as this one would. Take what was found first. */
  state(): unknown;
  /** Part of the work done, 0 to 1; null when the output does not tell. */
  progress(): number | null;
}

/** A parser at the beginning of an output, or where `saved` left off. An unreadable `saved` begins anew. */
export function createOutputParser(saved?: unknown): OutputParser {
  const restored = parserState.safeParse(saved);
  const state: ParserState = restored.success
    ? restored.data
    : { clock: newClockState(), hasMeasures: false, table: null, isInTraceback: false };
  let points: Point[] = [];
  let params: Record<string, string> = {};

  function add(
    values: readonly (readonly [string, number])[],
    explicit: number | null,
    timeMs: number,
  ): void {
    for (const [key, value] of values) {
      points.push({ key, step: stepOf(state.clock, key, explicit), timeMs, value });
      state.hasMeasures = true;
    }
  }

  function followTable(text: string, timeMs: number): boolean {
    const row = state.table === null ? null : tableRow(state.table, text);
    if (row !== null) {
      if (row.total !== null) state.clock.epochTotal = row.total;
      add(row.values, row.step, timeMs);
      return true;
    }
    const heading = tableHeading(text);
    if (heading === null) return false;
    state.table = heading;
    return true;
  }

  function apply(reading: LineReading, timeMs: number): void {
    const { clock } = state;
    let explicit = reading.step;
    if (reading.epoch !== null) {
      if (clock.epoch !== reading.epoch) clock.fraction = null;
      clock.epoch = reading.epoch;
      clock.epochTotal = reading.epochTotal ?? clock.epochTotal;
    }
    if (reading.progress !== null && !countsEpochs(reading.progress)) {
      const position = barStep(clock, reading.progress);
      // Keras shows the mean of the epoch so far; only the full bar is the epoch's value.
      if (reading.progress.kind === 'running') {
        if (reading.progress.done < reading.progress.total) return;
      } else if (reading.values.length > 0) explicit ??= position;
    }
    if (reading.isBetweenBars) explicit ??= clock.barStep;
    add(reading.values, explicit, timeMs);
    if (!state.hasMeasures) for (const [name, value] of reading.params) params[name] ??= value;
  }

  /** `[2/10] val_loss: 0.3` below the bar of "Epoch 2/10": no bar of its own that begins anew with every epoch. */
  const countsEpochs = ({ kind, done, total }: Progress) =>
    kind === 'count' && done === state.clock.epoch && total === state.clock.epochTotal;

  function one(text: string, timeMs: number, shape?: number): boolean {
    const plain = plainReading(text, shape);
    if (plain === null && followTable(text, timeMs)) return true;
    const reading = plain ?? lineReading(text);
    if (reading !== null) apply(reading, timeMs);
    return reading !== null;
  }

  return {
    line(text, timeMs, shape) {
      if (state.isInTraceback) {
        if (/^\s/.test(text)) return true;
        state.isInTraceback = false;
      }
      if (text.startsWith('Traceback (')) state.isInTraceback = true;
      // A dict printed while a bar stands in the line goes on right behind the bar.
      const glued = text.indexOf("]{'");
      if (glued < 0) return one(text, timeMs, shape) || state.isInTraceback;
      one(text.slice(0, glued + 1), timeMs);
      one(text.slice(glued + 1), timeMs);
      return true;
    },
    isAnywhere: () => state.table === null && !state.isInTraceback,
    take() {
      const taken = { points, params };
      points = [];
      params = {};
      return taken;
    },
    state: () => structuredClone(state),
    progress: () => progressOf(state.clock),
  };
}
