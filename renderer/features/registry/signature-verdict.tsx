import { useQuery } from '@tanstack/react-query';
import { engine } from '../../app/engine.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import styles from './models.module.css';
import { modelsKey } from './use-models.ts';

/** What the signatures of two versions do not share, judged. */
export function useSignatureDiff(name: string, before: number | undefined, after: number | undefined) {
  return useQuery({
    queryKey: [...modelsKey, 'signatures', name, before, after],
    queryFn: () =>
      engine.registry.compareSignatures({
        before: { name, version: before ?? 1 },
        after: { name, version: after ?? 1 },
      }),
    enabled: before !== undefined && after !== undefined,
  });
}

/** Whether programs that call one version can call the other, in a sentence. */
export function SignatureVerdict({ name, before, after }: { name: string; before: number; after: number }) {
  const { data, error } = useSignatureDiff(name, before, after);
  if (error !== null) return <ErrorNotice error={error} />;
  if (data === undefined) return null;
  return (
    <p className={styles.verdict} data-breaking={data.isBreaking || undefined}>
      {data.verdict}
    </p>
  );
}
