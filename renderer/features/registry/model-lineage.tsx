import bars from '../../ui/bar.module.css';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { LineageTable } from '../data/index.ts';
import { useChosenVersion } from './use-chosen-version.ts';
import type { ReadVersions } from './use-models.ts';
import { VersionSelect } from './version-pair-bar.tsx';

/** From the data over the run to a version, and where that is used; of the champion at first. */
export function ModelLineage({
  versions,
  champion,
  name,
  projectId,
}: {
  versions: ReadVersions;
  champion: number | null;
  name: string;
  projectId: string;
}) {
  const [chosen, choose] = useChosenVersion(versions.known, champion);
  if (chosen === undefined) return <EmptyState title="Every version of it was deleted" />;
  const { version } = chosen;
  return (
    <>
      <div className={bars.bar}>
        <VersionSelect label="Of" versions={versions} chosen={chosen} onChoose={choose} />
      </div>
      <ScrollRegion label="Lineage">
        <LineageTable key={version} start={{ registered: { name, version } }} projectId={projectId} />
      </ScrollRegion>
    </>
  );
}
