import { useMutation, useQuery } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { engine } from './engine.ts';
import { queryClient } from './query-client.ts';
import { showProblem } from './show-problem.ts';

/** The known projects, the one opened last first. */
export function useProjects() {
  return useQuery({ queryKey: ['projects'], queryFn: () => engine.projects.list({}) });
}

/** Opens the sample, or a folder, as a project and goes to its home. */
export function useOpenProject() {
  const [, navigate] = useLocation();
  return useMutation({
    mutationFn: (target: { sample: true } | { path: string }) =>
      'path' in target ? engine.projects.open({ path: target.path }) : engine.projects.openSample({}),
    onMutate: () => location.pathname,
    onSuccess: (project, _, startedAt) => {
      void queryClient.invalidateQueries({ queryKey: ['projects'] });
      // The project may be known before the answer is here; whoever went on meanwhile is left there.
      if (location.pathname === startedAt) navigate(`/projects/${project.id}`);
    },
    onError: (error) => showProblem(error),
  });
}
