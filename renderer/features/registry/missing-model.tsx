import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { engine } from '../../app/engine.ts';
import { useChange } from '../../app/use-change.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { modelsKey } from './use-models.ts';

/** In the place of a model that cannot be read: where it was deleted, that is told, with the way back. */
export function MissingModel({
  name,
  error,
  onRetry,
}: {
  name: string;
  error: unknown;
  onRetry: () => void;
}) {
  const { data } = useQuery({
    queryKey: [...modelsKey, 'last-of', name],
    queryFn: () => engine.registry.history({ name, limit: 1 }),
  });
  const restore = useChange(modelsKey, () => engine.registry.restoreModel({ name }));
  const [last] = data ?? [];
  if (last?.kind !== 'model-deleted' || last.model !== name)
    return <ErrorNotice error={error} onRetry={onRetry} />;
  return (
    <EmptyState
      title={`${name} was deleted`}
      actions={
        <Button variant="filled" loading={restore.isPending} onClick={() => restore.mutate()}>
          Bring it back
        </Button>
      }
    >
      <p>
        <RelativeTime at={last.atMs} />
        {last.who === '' ? '' : ` by ${last.who}`}
        {last.reason === '' ? '.' : `: ${last.reason}.`} Its versions, tags, cards and aliases come back with
        it; its history never went.
      </p>
      <pre>benchtop model restore {name}</pre>
    </EmptyState>
  );
}
