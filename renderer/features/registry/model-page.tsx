import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useState } from 'react';
import { Link, useLocation } from 'wouter';
import { errorShapeOf, type ModelVersion, type RegisteredModel } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { modelPath } from '../../app/model-path.ts';
import { PageFrame } from '../../app/page-frame.tsx';
import { showUndo } from '../../app/show-undo.tsx';
import { useChange } from '../../app/use-change.ts';
import { usePageActions } from '../../app/use-page-actions.ts';
import { PageParts } from '../../ui/page-parts.tsx';
import { Pending } from '../../ui/pending.tsx';
import { VersionMatrixView } from '../gates/index.ts';
import { CompareVersions } from './compare-versions.tsx';
import { EditModelDialog } from './edit-model-dialog.tsx';
import { MissingModel } from './missing-model.tsx';
import { ModelCardView } from './model-card-view.tsx';
import { ModelHistory } from './model-history.tsx';
import { ModelLineage } from './model-lineage.tsx';
import { PromoteDialog } from './promote-dialog.tsx';
import { SignatureDiffView } from './signature-diff-view.tsx';
import { modelsKey, useModel, useReadVersions } from './use-models.ts';
import { Versions } from './versions.tsx';

const parts = [
  { id: 'versions', name: 'Versions' },
  { id: 'places', name: 'Places' },
  { id: 'compare', name: 'Compare' },
  { id: 'signature', name: 'Signature' },
  { id: 'card', name: 'Card' },
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
  const { data: model, error: modelError, refetch } = useModel(name);
  const { versions, error: versionsError } = useReadVersions(name, model?.aliases ?? []);
  const error = modelError ?? versionsError;
  const [promoted, promote] = useState<ModelVersion | null>(null);
  const [isEditing, setEditing] = useState(false);
  const rollBack = useRollBack(name);
  const remove = useDeleteModel(name, projectId);
  const newest = versions?.newest[0];
  const champion = model?.aliases.find(({ alias }) => alias === 'champion')?.version ?? null;
  usePageActions({
    ...(newest === undefined ? {} : { 'model.promote': () => promote(newest) }),
    ...(champion === null ? {} : { 'model.rollback': () => rollBack.mutate() }),
    ...(model === undefined
      ? {}
      : { 'model.edit': () => setEditing(true), 'model.delete': () => remove.mutate() }),
  });
  return (
    <PageFrame
      name={name}
      beside={
        <>
          model · <Link href={`/projects/${projectId}/models`}>all models</Link>
          {model === undefined ? null : <About model={model} />}
        </>
      }
      actions={
        model === undefined ? null : (
          <>
            <ModelMenu onEdit={() => setEditing(true)} onDelete={() => remove.mutate()} />
            {champion === null ? null : (
              <Button onClick={() => rollBack.mutate()} loading={rollBack.isPending}>
                Roll the champion back
              </Button>
            )}
            {newest === undefined ? null : (
              <Button variant="filled" disabled={champion === newest.version} onClick={() => promote(newest)}>
                Promote version {newest.version}…
              </Button>
            )}
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
          count: id === 'versions' ? model?.versionCount : undefined,
        }))}
        current={part}
      />
      {error !== null && (versions === undefined || isGone(error)) ? (
        <MissingModel name={name} error={error} onRetry={() => void refetch()} />
      ) : model === undefined || versions === undefined ? (
        <Pending what="the model" />
      ) : part === 'versions' ? (
        <Versions
          versions={versions}
          count={model.versionCount}
          name={name}
          projectId={projectId}
          onPromote={promote}
        />
      ) : part === 'places' ? (
        <VersionMatrixView model={name} projectId={projectId} />
      ) : part === 'compare' ? (
        <CompareVersions versions={versions} aliases={model.aliases} name={name} projectId={projectId} />
      ) : part === 'signature' ? (
        <SignatureDiffView versions={versions} aliases={model.aliases} name={name} />
      ) : part === 'card' ? (
        <ModelCardView versions={versions} champion={champion} name={name} projectId={projectId} />
      ) : part === 'lineage' ? (
        <ModelLineage versions={versions} champion={champion} name={name} projectId={projectId} />
      ) : (
        <ModelHistory name={name} />
      )}
      {promoted === null || model === undefined || versions === undefined ? null : (
        <PromoteDialog
          version={promoted}
          versions={versions.known}
          aliases={model.aliases}
          onClose={() => promote(null)}
        />
      )}
      {isEditing && model !== undefined ? (
        <EditModelDialog model={model} projectId={projectId} onClose={() => setEditing(false)} />
      ) : null}
    </PageFrame>
  );
}

/** Somebody deleted it, or renamed it: what was read of it before is not there any more. */
const isGone = (error: unknown) => errorShapeOf(error).code === 'not-found';

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

/** Deletes the model at once, with the way back on screen. */
function useDeleteModel(name: string, projectId: string) {
  const [, navigate] = useLocation();
  return useChange(modelsKey, async () => {
    await engine.registry.deleteModel({ name });
    navigate(`/projects/${projectId}/models`);
    showUndo(`${name} was deleted with its versions.`, modelsKey, async () => {
      await engine.registry.restoreModel({ name, reason: 'undo' });
      navigate(modelPath(projectId, name));
    });
  });
}

function ModelMenu({ onEdit, onDelete }: { onEdit: () => void; onDelete: () => void }) {
  return (
    <Menu position="bottom-end" withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon aria-label="More about the model" title="Edit, delete">
          <IconDots size={14} stroke={1.5} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={onEdit}>Edit name, description, tags…</Menu.Item>
        <Menu.Item onClick={onDelete}>Delete the model</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

/** What is said of it, as far as the line has room. */
function About({ model: { description, tags } }: { model: RegisteredModel }) {
  const told = Object.entries(tags).filter(([key]) => !key.startsWith('mlflow.'));
  return (
    <>
      {description === '' ? null : <span title={description}> · {description.split('\n', 1)[0]}</span>}
      {told.map(([key, value]) => (
        <span key={key}>
          {' '}
          · {key}
          {value === '' || value === 'true' ? '' : ` ${value}`}
        </span>
      ))}
    </>
  );
}
