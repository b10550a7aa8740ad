import type { SeriesView } from '../../../contract/index.ts';

type Points = Omit<SeriesView, 'pointCount'>;

/**
 * Views with new points behind their own; new objects where something grew, the same ones elsewhere. Points at or before the
 * last one held are left out, since a view read meanwhile may have them already.
 */
export function appendPoints(views: readonly SeriesView[], grown: readonly Points[]): SeriesView[] {
  const next = [...views];
  for (const points of grown) {
    const at = next.findIndex((view) => view.runId === points.runId && view.key === points.key);
    const held = next[at];
    if (held === undefined) next.push({ ...points, pointCount: points.values.length });
    else {
      const fresh = after(points, held);
      if (fresh.values.length === 0) continue;
      next[at] = {
        ...held,
        pointCount: held.pointCount + fresh.values.length,
        steps: join(held.steps, fresh.steps),
        times: join(held.times, fresh.times),
        values: join(held.values, fresh.values),
      };
    }
  }
  return next;
}

function after(points: Points, held: SeriesView): Pick<Points, 'steps' | 'times' | 'values'> {
  const lastStep = held.steps.at(-1) ?? Number.NEGATIVE_INFINITY;
  const lastTime = held.times.at(-1) ?? Number.NEGATIVE_INFINITY;
  let first = 0;
  while (first < points.steps.length) {
    const step = points.steps[first] ?? 0;
    if (step > lastStep || (step === lastStep && (points.times[first] ?? 0) > lastTime)) break;
    first++;
  }
  return {
    steps: points.steps.subarray(first),
    times: points.times.subarray(first),
    values: points.values.subarray(first),
  };
}

function join(one: Float64Array, other: Float64Array): Float64Array<ArrayBuffer> {
  const joined = new Float64Array(one.length + other.length);
  joined.set(one);
  joined.set(other, one.length);
  return joined;
}
