import { useQuery } from '@tanstack/react-query';
import { engine } from './engine.ts';

/** The incidents of a project that go on; read anew when the engine tells that a monitor found something. */
export function useOpenIncidents(projectId: string) {
  return useQuery({
    queryKey: ['monitors', 'incidents', projectId],
    queryFn: () => engine.monitoring.incidents({ projectId, isOpen: true }),
  });
}
