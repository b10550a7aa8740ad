import { useState } from 'react';
import type { ModelVersion } from '../../../contract/index.ts';
import bars from '../../ui/bar.module.css';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { LineageTable } from '../data/index.ts';
import { VersionSelect } from './version-pair-bar.tsx';

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
      <div className={bars.bar}>
        <VersionSelect
          label="Of"
          versions={versions}
          chosen={versions.find((each) => each.version === version)}
          onChoose={choose}
        />
      </div>
      <ScrollRegion label="Lineage">
        <LineageTable key={version} start={{ registered: { name, version } }} projectId={projectId} />
      </ScrollRegion>
    </>
  );
}
