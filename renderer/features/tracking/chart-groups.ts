import type { RunGap } from '../../../contract/index.ts';
import type { ChartAxis, ChartSeries } from '../../ui/series-chart/index.ts';
import { groupCourse, memberXs, type Band } from './group-series.ts';

/** What a chart needs of a run; unlike the run itself it stays equal while the run only logs on. */
export interface DrawnRun {
  readonly id: string;
  readonly name: string;
  readonly startedAt: number | null;
  readonly gaps: readonly RunGap[];
  readonly isGoingOn: boolean;
  /** The value of the param that runs are grouped by; undefined without grouping or without the param. */
  readonly group: string | undefined;
}

export interface Grouping {
  readonly param: string;
  readonly band: Band;
}

export const withoutParam = '(none)';

/** The groups in the order in which they are coloured: numbers by size, texts by the alphabet, runs without the param last. */
export function groupsOf(runs: readonly Pick<DrawnRun, 'group'>[]): string[] {
  const values = [...new Set(runs.map((run) => run.group ?? withoutParam))];
  return values.toSorted((one, other) => {
    if (one === withoutParam || other === withoutParam) return one === withoutParam ? 1 : -1;
    const difference = Number(one) - Number(other);
    return Number.isNaN(difference) ? one.localeCompare(other) : difference;
  });
}

/** One line for each group: the mean of its runs, with a band. `views` hold a metric's points of the runs. */
export function groupSeries(
  views: readonly (Pick<ChartSeries, 'steps' | 'times' | 'values'> & { readonly runId: string })[],
  runs: readonly DrawnRun[],
  band: Band,
  axis: ChartAxis,
): ChartSeries[] {
  const groups = groupsOf(runs);
  return groups.flatMap((group, at): ChartSeries[] => {
    const members = runs.filter((run) => (run.group ?? withoutParam) === group);
    const courses = members.flatMap((run) => {
      const view = views.find((each) => each.runId === run.id);
      if (view === undefined) return [];
      return [{ xs: memberXs(axis, view.steps, view.times, run), values: view.values }];
    });
    if (courses.length === 0) return [];
    const course = groupCourse(courses, courses.length > 1 ? band : 'none');
    return [
      {
        id: `group ${group}`,
        label: courses.length === 1 ? group : `${group} · ${courses.length} runs`,
        colourIndex: at,
        steps: course.xs,
        times: course.xs,
        values: course.mean,
        // Counted from each run's own start.
        startedAt: 0,
        ...(course.band === null ? {} : { band: course.band }),
      },
    ];
  });
}
