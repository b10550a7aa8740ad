import { BenchtopError } from '../../../contract/index.ts';
import { withEngine } from '../with-engine.ts';
import { jsonText } from '../json-text.ts';
import { runByPrefix } from '../run-by-prefix.ts';
import { writeOut } from '../write-out.ts';

export interface MetricsOptions {
  readonly home: string;
  readonly from?: number;
  readonly to?: number;
  readonly points: number;
  readonly json?: boolean;
}

/** `benchtop metrics`: the points of one metric, a line each; thinned so that no spike is lost where there are more. */
export async function metricsCommand(prefix: string, key: string, options: MetricsOptions): Promise<void> {
  await withEngine(options.home, async (engine) => {
    const { id: runId, metrics } = await runByPrefix(engine.api, prefix);
    if (!Object.hasOwn(metrics, key))
      throw new BenchtopError({
        code: 'not-found',
        what: `Run ${runId.slice(0, 8)} has no metric "${key}".`,
        next:
          Object.keys(metrics).length === 0 ? 'It has none.' : `It has ${Object.keys(metrics).join(', ')}.`,
      });
    const [view] = await engine.api.tracking.series({
      runIds: [runId],
      keys: [key],
      // A column of the chart keeps up to four points.
      points: Math.max(10, Math.floor(options.points / 4)),
      ...(options.from === undefined ? {} : { from: options.from }),
      ...(options.to === undefined ? {} : { to: options.to }),
    });
    const { steps, times, values, pointCount } = view ?? {
      steps: [],
      times: [],
      values: [],
      pointCount: 0,
    };
    const points = Array.from(steps, (step, at) => ({ step, time: times[at] ?? 0, value: values[at] ?? 0 }));
    if (options.json) return console.log(jsonText({ runId, key, pointCount, points }));
    await writeOut(points.map(({ step, time, value }) => `${step}\t${time}\t${value}\n`).join(''));
    if (points.length < pointCount) console.error(`${points.length} of ${pointCount} points`);
  });
}
