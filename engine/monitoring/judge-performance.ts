import {
  performanceMetricNames,
  type ChunkPerformance,
  type DriftCause,
  type JudgedPerformance,
  type MonitorAlarm,
  type PerformanceMetric,
} from '../../contract/index.ts';

/** A metric of a chunk with what decides on it. */
interface Decided {
  readonly metric: PerformanceMetric;
  readonly now: number;
  readonly lower: number;
  readonly upper: number;
  /** By the probabilities, and three standard errors less; null where nothing can be said. */
  readonly estimated: number | null;
  readonly low: number | null;
}

/**
 * Whether a chunk's answers are worth less than those of the reference were, and why: by their labels where all are in, else as estimated.
 * @param inputs the alarms of its input columns
 */
export function judgePerformance(
  { labels, values, calibration, rowCount }: ChunkPerformance,
  inputs: readonly MonitorAlarm[],
): { performance: JudgedPerformance; alarm: MonitorAlarm | null } {
  const isByLabels = labels.isMature;
  const decided = values.flatMap((value): Decided[] => {
    const { metric, lowerThreshold: lower, upperThreshold: upper, estimated, low } = value;
    const now = isByLabels ? value.realised : estimated;
    return now === null || lower === null || upper === null
      ? []
      : [{ metric, now, lower, upper, estimated, low }];
  });
  const [worst] = decided.filter(({ now, lower }) => now < lower).toSorted((a, b) => fallOf(b) - fallOf(a));
  const cause = worst === undefined ? (inputs.length > 0 ? 'data-drift' : 'none') : causeOf(worst);
  const [shown] = worst === undefined ? decided : [worst];
  const about = shown === undefined ? 'too few answers to say how right they are' : aboutOf(shown);
  return {
    performance: {
      labels,
      calibration,
      rowCount,
      values,
      verdict: shown === undefined ? 'not-enough-data' : worst === undefined ? 'as-before' : 'worse',
      cause: shown === undefined ? 'none' : cause,
      about,
    },
    alarm:
      worst === undefined
        ? null
        : { panel: 'performance', column: null, severity: 'harm', about, moved: null },
  };

  /** A fall that the probabilities foresaw comes from the inputs. One that they did not, only labels tell. */
  function causeOf({ now, lower, estimated, low }: Decided): DriftCause {
    const isForeseen = (estimated !== null && estimated < lower) || (low !== null && now >= low);
    if (isForeseen) return 'data-drift';
    return inputs.length > 0 ? 'both' : 'concept-drift';
  }

  /** What lies within the bounds may still be less than the probabilities promised. */
  function unforeseenText({ now, low }: Decided): string {
    return isByLabels && low !== null && now < low
      ? `, yet less than its probabilities foresaw (${rounded(low)} at least)`
      : '';
  }

  function aboutOf(told: Decided): string {
    const name = performanceMetricNames[told.metric];
    const how = isByLabels ? '' : ' by its probabilities';
    const moved = movedText(inputs);
    if (told !== worst)
      return `${moved}; the model does not suffer${how}: ${name} ${rounded(told.now)} within ${rounded(told.lower)}–${rounded(told.upper)}${unforeseenText(told)}${
        cause === 'data-drift' ? ' (data drift without harm)' : ''
      }`;
    return `${moved}; the model suffers${how}: ${name} ${rounded(told.now)}, below ${rounded(told.lower)}${causeWords[cause]}`;
  }
}

/** By how much of what is usual it lies below. */
const fallOf = ({ now, lower, upper }: Decided): number => (lower - now) / Math.max(upper - lower, 1e-9);

const causeWords: Readonly<Record<DriftCause, string>> = {
  none: '',
  'data-drift': ' (data drift, as its probabilities foresaw)',
  'concept-drift': ' (concept drift: the same inputs now lead to other outcomes)',
  both: ' (data drift, and concept drift: its probabilities did not foresee it)',
};

/** "16 % of arr_delay and 3 more columns moved" */
function movedText(inputs: readonly MonitorAlarm[]): string {
  const [most, ...more] = inputs.toSorted((a, b) => (b.moved ?? 0) - (a.moved ?? 0));
  if (most === undefined) return 'no input moved';
  const others =
    more.length === 0 ? '' : ` and ${more.length} more ${more.length === 1 ? 'column' : 'columns'}`;
  return most.moved === null
    ? `${most.column ?? 'the input'}${others} moved`
    : `${(most.moved * 100).toFixed(0)} % of ${most.column ?? 'the input'}${others} moved`;
}

const rounded = (value: number): string => value.toFixed(3);
