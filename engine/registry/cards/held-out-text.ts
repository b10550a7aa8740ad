import type { Estimate, Evaluation } from '../../../contract/index.ts';
import type { CardFacts } from './card-facts.ts';
import { escaped, numberText, table } from './markdown.ts';

const notJudged = (name: string, version: number) =>
  `_Not judged on held-out rows; \`benchtop gate ${name}/${version}\` does that._`;

/** What the last gate measured on rows that training had not seen, with intervals, beside the version that was there. */
export function heldOutText({ version, judged }: CardFacts): string {
  if (judged === null || judged.evaluation === null) return notJudged(version.name, version.version);
  const { evaluation, champion, endedAt, environment, latency } = judged;
  const other = champion === null ? null : `version ${champion}`;
  const rows = evaluation.metrics.map(({ name, candidate, champion: its, gain }) => [
    name,
    estimateText(candidate),
    ...(other === null
      ? []
      : [its === null ? '' : estimateText(its), gain === null ? '' : estimateText(gain)]),
  ]);
  const titles = ['metric', 'this version', ...(other === null ? [] : [other, 'gain on the same rows'])];
  return [
    `Judged for ${environment} on ${new Date(endedAt).toISOString().slice(0, 10)} with ${evaluation.rowCount} rows${evaluation.dataVersion === null ? '' : ` of the data version \`${evaluation.dataVersion.slice(0, 12)}\``}. ${intervals(evaluation)}`,
    '',
    table(titles, rows),
    ...(latency === null
      ? []
      : [
          '',
          `One row at a time takes ${numberText(latency.p50Ms)} ms (median), ${numberText(latency.p95Ms)} ms (p95).`,
        ]),
  ].join('\n');
}

/** The metric that decides, group by group of the held-out rows. */
export function slicesText({ version, judged }: CardFacts): string {
  if (judged === null || judged.evaluation === null) return notJudged(version.name, version.version);
  const { slices, metric } = judged.evaluation;
  if (slices.length === 0) return '_The checks name no columns to slice by._';
  const { champion } = judged;
  const rows = slices.map(({ column, value, rowCount, candidate, champion: its }) => [
    `${column} = ${value}`,
    String(rowCount),
    candidate === null ? 'too few rows' : estimateText(candidate),
    ...(champion === null ? [] : [its === null ? '' : estimateText(its)]),
  ]);
  return table(['slice', 'rows', metric, ...(champion === null ? [] : [`version ${champion}`])], rows);
}

const intervals = ({ confidence, method }: Evaluation) =>
  `In brackets: ${numberText(confidence * 100)} % intervals (bootstrap, ${escaped(method)}).`;

const estimateText = ({ value, low, high }: Estimate): string =>
  Number.isFinite(value)
    ? `${numberText(value)}${Number.isFinite(low) ? ` (${numberText(low)} to ${numberText(high)})` : ''}`
    : 'none';
