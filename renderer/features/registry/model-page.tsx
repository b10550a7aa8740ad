import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import type { ModelVersion } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { modelPath } from '../../app/model-path.ts';
import { PageFrame } from '../../app/page-frame.tsx';
import { showUndo } from '../../app/show-undo.tsx';
import { useChange } from '../../app/use-change.ts';
import { usePageActions } from '../../app/use-page-actions.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { PageParts } from '../../ui/page-parts.tsx';
import { Pending } from '../../ui/pending.tsx';
import { VersionMatrixView } from '../gates/index.ts';
import { ChampionOn } from './champion-on.tsx';
import { ModelHistory } from './model-history.tsx';
import { ModelLineage } from './model-lineage.tsx';
import styles from './models.module.css';
import { PromoteDialog } from './promote-dialog.tsx';
import { SignatureDiffView } from './signature-diff-view.tsx';
import { modelsKey, useModel } from './use-models.ts';
import { VersionPanel } from './version-panel.tsx';
import { VersionTable } from './version-table.tsx';

const parts = [
  { id: 'versions', name: 'Versions' },
  { id: 'places', name: 'Places' },
  { id: 'signature', name: 'Signature' },
  { id: 'lineage', name: 'Lineage' },
  { id: 'history', name: 'History' },
] as const;

/** One model. Which part of it is shown, and which version is looked at, is in the address. */
export default function ModelPage({
  projectId,
  name,
  part: named,
}: {
  projectId: string;
  name: string;
  part: string | undefined;
}) {
  const part = parts.find(({ id }) => id === named)?.id ?? 'versions';
  const { data, error, refetch } = useModel(name);
  const [promoted, promote] = useState<ModelVersion | null>(null);
  const rollBack = useRollBack(name);
  const newest = data?.versions[0];
  const champion = data?.model.aliases.find(({ alias }) => alias === 'champion')?.version ?? null;
  usePageActions({
    ...(newest === undefined ? {} : { 'model.promote': () => promote(newest) }),
    ...(champion === null ? {} : { 'model.rollback': () => rollBack.mutate() }),
  });
  return (
    <PageFrame
      name={name}
      beside={
        <span className={styles.beside}>
          model · <Link href={`/projects/${projectId}/models`}>all models</Link>
        </span>
      }
      actions={
        newest === undefined ? null : (
          <>
            {champion === null ? null : (
              <Button onClick={() => rollBack.mutate()} loading={rollBack.isPending}>
                Roll the champion back
              </Button>
            )}
            <Button variant="filled" disabled={champion === newest.version} onClick={() => promote(newest)}>
              Promote version {newest.version}…
            </Button>
          </>
        )
      }
    >
      <PageParts
        label="Parts of the model"
        parts={parts.map(({ id, name: title }) => ({
          id,
          name: title,
          href: modelPath(projectId, name, id === 'versions' ? undefined : id),
          count: id === 'versions' ? data?.versions.length : undefined,
        }))}
        current={part}
      />
      {data === undefined ? (
        error === null ? (
          <Pending what="the model" />
        ) : (
          <ErrorNotice error={error} onRetry={() => void refetch()} />
        )
      ) : part === 'versions' ? (
        <Versions versions={data.versions} name={name} projectId={projectId} onPromote={promote} />
      ) : part === 'places' ? (
        <VersionMatrixView model={name} projectId={projectId} />
      ) : part === 'signature' ? (
        <SignatureDiffView versions={data.versions} champion={champion} name={name} />
      ) : part === 'lineage' ? (
        <ModelLineage versions={data.versions} champion={champion} name={name} projectId={projectId} />
      ) : (
        <ModelHistory name={name} />
      )}
      {promoted === null || data === undefined ? null : (
        <PromoteDialog
          version={promoted}
          versions={data.versions}
          aliases={data.model.aliases}
          onClose={() => promote(null)}
        />
      )}
    </PageFrame>
  );
}

/** Gives the champion's name back to the version before, at once, with the way back on screen. */
function useRollBack(name: string) {
  return useChange(modelsKey, async () => {
    const { version, previousVersion } = await engine.registry.rollback({ name });
    showUndo(`Version ${version} is the champion again.`, modelsKey, async () => {
      if (previousVersion !== null)
        await engine.registry.promote({ name, version: previousVersion, reason: 'undo of a rollback' });
    });
  });
}

function Versions({
  versions,
  name,
  projectId,
  onPromote,
}: {
  versions: readonly ModelVersion[];
  name: string;
  projectId: string;
  onPromote: (version: ModelVersion) => void;
}) {
  const [search, setSearch] = useSearchParams();
  const shown = versions.find(({ version }) => String(version) === search.get('version'));
  const show = (version: number | null) =>
    setSearch(version === null ? {} : { version: String(version) }, { replace: true });
  return (
    <>
      <ChampionOn name={name} />
      {/* Escape closes the version wherever the focus is; only without one it goes back. */}
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions */}
      <div
        className={styles.split}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || shown === undefined || event.defaultPrevented) return;
          event.preventDefault();
          show(null);
        }}
      >
        <div className={styles.main}>
          <VersionTable
            versions={versions}
            projectId={projectId}
            shown={shown?.version ?? null}
            onShow={show}
            onPromote={onPromote}
          />
        </div>
        {shown === undefined ? null : (
          <VersionPanel
            key={shown.version}
            version={shown}
            projectId={projectId}
            onPromote={() => onPromote(shown)}
            onClose={() => show(null)}
          />
        )}
      </div>
    </>
  );
}
