import { useMutation, useQuery } from '@tanstack/react-query';
import type { MeasureRule } from '../../contract/index.ts';
import { engine } from './engine.ts';
import { queryClient } from './query-client.ts';
import { showProblem } from './show-problem.ts';

/** The rules of a project for measures that are read; of all projects together (null) there are none. */
export function useMeasureRules(projectId: string | null) {
  return useQuery({
    queryKey: ['measure-rules', projectId],
    queryFn: () => (projectId === null ? [] : engine.tracking.measureRules({ projectId })),
  });
}

/** Makes a rule, or takes it away with null in place of one; every run that is shown is read anew then. */
export function useChangeMeasureRule(projectId: string) {
  return useMutation({
    mutationFn: ({ name, rule }: { name: string; rule: Pick<MeasureRule, 'shownName'> | null }) =>
      rule === null
        ? engine.tracking.removeMeasureRule({ projectId, name })
        : engine.tracking.setMeasureRule({ projectId, name, ...rule }),
    onSuccess: () => queryClient.invalidateQueries(),
    onError: showProblem,
  });
}
