import { useLocation } from 'wouter';
import { useProjects } from './use-projects.ts';

/** The project in the address, else the one opened last; null when there is none (or it is not read yet). */
export function useCurrentProjectId(): string | null {
  const [path] = useLocation();
  const { data } = useProjects();
  return /^\/projects\/([^/]+)/.exec(path)?.[1] ?? data?.[0]?.id ?? null;
}
