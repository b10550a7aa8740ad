import { Button } from '@mantine/core';
import { useLocation } from 'wouter';
import { PageFrame } from '../../app/page-frame.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';

export default function ModelsPage({ projectId }: { projectId: string }) {
  const [, navigate] = useLocation();
  return (
    <PageFrame name="Models">
      <EmptyState
        title="No registered models"
        actions={
          <Button
            onClick={() =>
              navigate(`/projects/${projectId}/runs?q=${encodeURIComponent('status = finished')}`)
            }
          >
            Finished runs
          </Button>
        }
      >
        <p>
          No model has been registered from this project. Model files that a run wrote are among its
          artifacts, on the run’s own page.
        </p>
      </EmptyState>
    </PageFrame>
  );
}
