import { assertNever } from '../../../contract/index.ts';
import { backOffMs } from '../back-off.ts';
import type { FailureKind } from '../link/send-failure.ts';

/** What a failure that may pass means for its delivery, and for the line to the target that all deliveries share. */
export interface AfterFailure {
  /** How often the target broke down over this delivery, in a row. */
  readonly failures: number;
  /** How long this delivery leaves its turn to others, in ms. */
  readonly pauseMs: number;
  /** Null where the target answered: its line is good. */
  readonly line: {
    /** Since it last answered. */
    readonly failures: number;
    readonly isAway: boolean;
    /** How long nothing is tried, in ms; null: until somebody asks. */
    readonly pauseMs: number | null;
  } | null;
}

/** A line that was cut so often, with no answer in between, is no line: all wait for it together, and not each for itself. */
const cutsUntilAway = 6;
/** What is small is tried again soon over a line that answers at all: its pause doubles no more often than this. */
const soon = 3;

/**
 * @param kind null for what is wrong here: a secret that cannot be opened, a full disk.
 * @param attempts of the operation at hand, before this one.
 * @param hasMoved whether a step of the delivery came through since it was begun.
 * @param hasAnswers whether the target answered anything meanwhile, to anybody.
 * @param isLarge whether an attempt takes much of the line: a file.
 * @param goesRound whether all of the delivery begins again, so that what came through says nothing.
 */
export function afterFailure(
  { kind, retryAfterMs }: { kind: FailureKind | null; retryAfterMs: number | null },
  known: {
    failures: number;
    lineFailures: number;
    attempts: number;
    hasMoved: boolean;
    hasAnswers: boolean;
    isLarge: boolean;
    goesRound: boolean;
  },
  retryMs: number,
): AfterFailure {
  const failures = known.hasMoved && !known.goesRound ? 0 : known.failures;
  const lineFailures = known.hasAnswers ? 0 : known.lineFailures;
  const away = (pauseMs: number | null) => ({ failures: lineFailures + 1, isAway: true, pauseMs });
  switch (kind) {
    case null:
    case 'locked':
      return { failures, pauseMs: 0, line: away(null) };
    case 'unreachable':
      return { failures, pauseMs: 0, line: away(backOffMs(lineFailures, retryMs, retryAfterMs)) };
    case 'busy': {
      const pauseMs = backOffMs(lineFailures, retryMs, retryAfterMs);
      return { failures, pauseMs, line: away(pauseMs) };
    }
    case 'cut': {
      // Somebody was there, and is likely to be there again soon.
      const most = known.hasMoved ? 0 : known.hasAnswers && !known.isLarge ? soon : Number.POSITIVE_INFINITY;
      const pauseMs = backOffMs(Math.min(known.attempts, most), retryMs / 4, retryAfterMs);
      const beyond = lineFailures + 1 - cutsUntilAway;
      return beyond < 0
        ? { failures, pauseMs, line: { failures: lineFailures + 1, isAway: false, pauseMs: 0 } }
        : { failures, pauseMs, line: away(backOffMs(beyond, retryMs, retryAfterMs)) };
    }
    case 'failed':
    case 'refused':
      return {
        failures: failures + 1,
        pauseMs: backOffMs(failures, retryMs, retryAfterMs),
        line: null,
      };
    default:
      return assertNever(kind);
  }
}
