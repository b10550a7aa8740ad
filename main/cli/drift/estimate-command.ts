import { resolve } from 'node:path';
import {
  BenchtopError,
  calibrationText,
  labelsText,
  type PerformanceChunk,
  type PerformanceReport,
} from '../../../contract/index.ts';
import { jsonText } from '../json-text.ts';
import { textColumns } from '../text-columns.ts';
import { withEngine } from '../with-engine.ts';

export interface EstimateOptions {
  readonly home: string;
  readonly reference: string;
  readonly current: string;
  readonly probability: string | Record<string, string>;
  readonly prediction?: string;
  readonly label: string;
  readonly positive?: string;
  readonly time?: string;
  readonly chunkRows?: number;
  readonly labels?: string;
  readonly id?: string;
  readonly labelTime?: string;
  readonly maturity?: number;
  readonly json?: boolean;
}

/** `benchtop estimate`: what a classifier's answers are worth without labels, and with those that came later. */
export async function estimateCommand(options: EstimateOptions): Promise<void> {
  const { labels, id } = options;
  if ((labels === undefined) !== (id === undefined))
    throw new BenchtopError({
      code: 'invalid-input',
      what: 'Labels that came later are joined by an id: --labels and --id are given together.',
    });
  await withEngine(options.home, async (engine) => {
    const report = await engine.api.data.estimate({
      reference: resolve(options.reference),
      current: resolve(options.current),
      columns: {
        probabilities: options.probability,
        prediction: options.prediction ?? null,
        label: options.label,
        positive: options.positive ?? null,
        predictedAt: options.time ?? null,
      },
      chunkRows: options.chunkRows ?? null,
      labels:
        labels === undefined || id === undefined
          ? null
          : {
              path: resolve(labels),
              id,
              labelledAt: options.labelTime ?? null,
              maturityMs: options.maturity ?? null,
            },
    });
    if (options.json) return console.log(jsonText(report));
    for (const line of reportLines(report)) console.log(line);
  });
}

function reportLines(report: PerformanceReport) {
  const { about, classes, metrics, chunks, reference, current, labels, calibration } = report;
  const uncalibrated = classes.filter(({ isCalibrated }) => !isCalibrated).map(({ name }) => name);
  return [
    about,
    `${counted(reference)} in the reference, ${counted(current)} in the current data; the probabilities are ${
      uncalibrated.length === 0
        ? 'calibrated'
        : uncalibrated.length === classes.length
          ? 'taken as they are'
          : `calibrated but for ${uncalibrated.join(', ')}`
    }`,
    '',
    ...textColumns([
      ['rows', 'from', 'labels', ...metrics.map(({ metric }) => metric)],
      [
        'reference',
        'had',
        '',
        ...metrics.map(
          ({ lowerThreshold, upperThreshold }) => `${number(lowerThreshold)}–${number(upperThreshold)}`,
        ),
      ],
      ...chunks.filter(({ side }) => side === 'current').map(chunkCells),
    ]),
    '',
    calibrationText(calibration),
    'An estimate is given with three standard errors, ! is outside of what the reference had, and → is followed by what the labels say.',
    ...(labels === null
      ? []
      : [
          `${labels.unmatchedCount} labels are of no prediction here, ${labels.replacedCount} were replaced by a later one.`,
        ]),
  ];
}

const counted = ({ rowCount, leftOutCount }: PerformanceReport['reference']): string =>
  `${rowCount.toLocaleString('en-US')} rows${leftOutCount === 0 ? '' : ` (${leftOutCount.toLocaleString('en-US')} without an answer left out)`}`;

function chunkCells({ from, to, startedAt, labels, values }: PerformanceChunk): string[] {
  return [
    `${from + 1}–${to + 1}`,
    startedAt === null ? '' : new Date(startedAt).toISOString().slice(0, 16).replace('T', ' '),
    labels === null ? '' : labelsText(labels),
    ...values.map(
      ({ estimated, samplingError, isAlarm, realised, isRealisedAlarm, before }) =>
        `${number(estimated)}±${samplingError === null ? '?' : (3 * samplingError).toFixed(3)}${isAlarm ? ' !' : ''}${
          realised === null ? '' : ` → ${number(realised)}${isRealisedAlarm ? ' !' : ''}`
        }${before === null ? '' : ` (told ${number(before)})`}`,
    ),
  ];
}

const number = (value: number | null): string => (value === null ? '?' : value.toFixed(3));
