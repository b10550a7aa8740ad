import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import type { DataSet, Monitor } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { useChange } from '../../app/use-change.ts';
import { sampleModelMonitor } from './sample-monitors.ts';
import { monitorsKey } from './use-monitors.ts';

const lookEveryMs = 5000;

const hasScored = (sets: readonly DataSet[] = []): boolean =>
  sets.some(({ path }) => /[/\\]out[/\\]scored$/.test(path));

/** Offers to watch the sample's model, once its pipeline has written what it answered, until it is watched. */
export function WatchSampleModel({
  projectId,
  monitors,
}: {
  projectId: string;
  monitors: readonly Monitor[];
}) {
  const [, navigate] = useLocation();
  const sets = useQuery({
    queryKey: ['data', 'sets', projectId],
    queryFn: () => engine.data.sets({ projectId }),
    // A pipeline that runs now keeps what it wrote after its run has ended.
    refetchInterval: ({ state }) => (hasScored(state.data) ? false : lookEveryMs),
  });
  const add = useChange(monitorsKey, async () => {
    const { id } = await engine.monitoring.add({ projectId, ...sampleModelMonitor });
    navigate(`/projects/${projectId}/monitoring/${id}?run`);
  });
  const isWatched = monitors.some(({ source }) => source.path === sampleModelMonitor.source.path);
  return hasScored(sets.data) && !isWatched ? (
    <Button loading={add.isPending} onClick={() => add.mutate(undefined)}>
      Watch the sample’s model
    </Button>
  ) : null;
}
