import { useQuery } from '@tanstack/react-query';
import { engine } from '../../app/engine.ts';

/** Below it lies what is read of monitors; the engine tells when something of it has changed. */
export const monitorsKey = ['monitors'];

export function useMonitors(projectId: string) {
  return useQuery({
    queryKey: [...monitorsKey, 'of', projectId],
    queryFn: () => engine.monitoring.monitors({ projectId }),
  });
}

/** What a monitor found. */
export function useResults(monitorId: string) {
  return useQuery({
    queryKey: [...monitorsKey, monitorId, 'results'],
    queryFn: () => engine.monitoring.results({ monitorId }),
  });
}
