import { useQuery } from '@tanstack/react-query';
import type { GateEnvironment, VersionComparison } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { approvalsKey } from '../../app/use-waiting-requests.ts';

/** A version beside the one that is in an environment. Read anew when the registry changes. */
export function useApproval(model: string, version: number, environment: GateEnvironment) {
  return useQuery<VersionComparison>({
    queryKey: [...approvalsKey, 'compare', model, version, environment],
    queryFn: ({ signal }) => engine.gates.compare({ model, version, environment }, { signal }),
  });
}
