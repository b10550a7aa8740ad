import { Redirect } from 'wouter';
import { FirstRunPage } from '../features/projects/index.ts';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Pending } from '../ui/pending.tsx';
import { PageFrame } from './page-frame.tsx';
import { useProjects } from './use-projects.ts';

/** The address without a place: the project opened last, or how to begin. */
export function StartPage() {
  const { data, error, refetch } = useProjects();
  const last = data?.[0];
  if (last !== undefined) return <Redirect to={`/projects/${last.id}`} replace />;
  return (
    <PageFrame name="Benchtop">
      {data !== undefined ? (
        <FirstRunPage />
      ) : error === null ? (
        <Pending what="the projects" />
      ) : (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      )}
    </PageFrame>
  );
}
