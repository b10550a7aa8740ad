import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { ModelVersion } from '../../../contract/index.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { LineageTable } from '../data/index.ts';
import styles from './models.module.css';

/** From the data over the run to a version, and where that is used; of the champion at first. */
export function ModelLineage({
  versions,
  champion,
  name,
  projectId,
}: {
  versions: readonly ModelVersion[];
  champion: number | null;
  name: string;
  projectId: string;
}) {
  const [chosen, choose] = useState<number | null>(null);
  const version = chosen ?? champion ?? versions[0]?.version;
  if (version === undefined) return <EmptyState title="Every version of it was deleted" />;
  return (
    <>
      <div className={styles.bar}>
        <NativeSelect
          size="xs"
          aria-label="Of"
          data={versions.map((each) => ({ value: String(each.version), label: `version ${each.version}` }))}
          value={String(version)}
          onChange={(event) => choose(Number(event.currentTarget.value))}
        />
      </div>
      <ScrollRegion label="Lineage">
        <LineageTable key={version} start={{ registered: { name, version } }} projectId={projectId} />
      </ScrollRegion>
    </>
  );
}
