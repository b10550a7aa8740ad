import type { Reliability } from '../../../contract/index.ts';
import { normalQuantile } from '../../statistics/index.ts';
import type { ClassifiedRows } from '../classified-rows.ts';
import { labelled } from '../realised-metric.ts';

const binCount = 10;
/** Two-sided, 95 %. */
const wide = normalQuantile(0.975);

/**
 * Whether probabilities keep what they promise: rows with a label by the probability that was told, in ten bins of equal width, beside the
 * share of each bin that came true, with its 95 % interval (Wilson, 1927). Of two classes it is about the one that is looked for, of
 * several about the one that was told. The expected calibration error is the mean distance of both over the rows (Naeini et al., 2015).
 */
export function reliabilityOf(all: ClassifiedRows): Reliability {
  const { rowCount, scores, predictions, labels } = labelled(all);
  const bins = Array.from({ length: binCount }, () => ({ count: 0, told: 0, came: 0 }));
  for (let row = 0; row < rowCount; row += 1) {
    const looked = scores.length === 1 ? 1 : (predictions[row] ?? 0);
    const told = scores[scores.length === 1 ? 0 : looked]?.[row] ?? 0;
    const bin = bins[Math.min(binCount - 1, Math.floor(told * binCount))];
    if (bin === undefined) continue;
    bin.count += 1;
    bin.told += told;
    bin.came += Number(labels[row] === looked);
  }
  return {
    rowCount,
    expectedError:
      rowCount === 0 ? null : bins.reduce((sum, { told, came }) => sum + Math.abs(told - came), 0) / rowCount,
    bins: bins.flatMap(({ count, told, came }, at) =>
      count === 0
        ? []
        : [
            {
              from: at / binCount,
              to: (at + 1) / binCount,
              count,
              told: told / count,
              cameTrue: came / count,
              ...wilsonInterval(came, count),
            },
          ],
    ),
  };
}

/** Where the share lies that so many of so many were drawn from. */
function wilsonInterval(hits: number, of: number): { low: number; high: number } {
  const share = hits / of;
  const middle = (share + wide ** 2 / (2 * of)) / (1 + wide ** 2 / of);
  const half =
    (wide / (1 + wide ** 2 / of)) * Math.sqrt((share * (1 - share)) / of + wide ** 2 / (4 * of ** 2));
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
