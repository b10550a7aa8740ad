import { Button } from '@mantine/core';
import { useLocation } from 'wouter';
import { PageFrame } from '../../app/page-frame.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';

export default function MonitoringPage({ projectId }: { projectId: string }) {
  const [, navigate] = useLocation();
  return (
    <PageFrame name="Monitoring">
      <EmptyState
        title="Nothing is monitored"
        actions={<Button onClick={() => navigate(`/projects/${projectId}/runs`)}>Runs</Button>}
      >
        <p>
          This project has no drift report and no alert. To see how a model does over time, let a stage print
          a metric per period, such as <code>auc=0.71 step=3</code>: its run then has the curve.
        </p>
      </EmptyState>
    </PageFrame>
  );
}
