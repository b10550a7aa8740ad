import { useQuery } from '@tanstack/react-query';
import { IconChevronDown, IconChevronRight, IconFile, IconFolder } from '@tabler/icons-react';
import { useEffect, useState, type KeyboardEvent } from 'react';
import { Link } from 'wouter';
import {
  isModelDescription,
  isModelFile,
  verdict,
  verdictTag,
  type Artifact,
  type Run,
} from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatBytes } from '../../ui/format-bytes.ts';
import { Pending } from '../../ui/pending.tsx';
import { RunModels } from '../registry/index.ts';
import { VerdictMark } from '../reproduction/index.ts';
import { ArtifactPreview } from './artifact-preview.tsx';
import pane from '../../ui/file-pane.module.css';
import styles from './run-artifacts.module.css';
import { runPath } from './run-path.ts';

/** The files a run left: a tree, and a look into the one chosen. */
export default function RunArtifacts({ run }: { run: Run }) {
  const [chosen, choose] = useState<Artifact | null>(null);
  const { data, error, refetch } = useFolder(run.id, '');
  if (data === undefined)
    return error === null ? (
      <Pending what="the artifacts" />
    ) : (
      <ErrorNotice error={error} onRetry={() => void refetch()} />
    );
  if (data.length === 0) {
    return (
      <>
        <RunModels run={run} />
        <EmptyState title="No artifacts">
          <p>
            This run has no recorded files of its own. The outputs of a pipeline stage, and what an MLflow
            client logs, are kept here.
          </p>
        </EmptyState>
      </>
    );
  }
  return (
    <>
      <RunModels run={run} />
      <div className={pane.split} data-read>
        {/* One Tab stop would hide files from those who tab through; arrows are the quicker way. */}
        {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions */}
        <div className={pane.files} onKeyDown={moveInTree}>
          <Folder runId={run.id} folder="" depth={0} chosen={chosen} onChoose={choose} />
        </div>
        <div className={pane.chosen}>
          {chosen === null ? (
            <p className={styles.hint}>Choose a file to look into it.</p>
          ) : (
            <ArtifactPreview
              key={chosen.path}
              runId={run.id}
              artifact={chosen}
              badge={
                isModelFile(chosen.path) || isModelDescription(chosen.path) ? <ModelBadge run={run} /> : null
              }
            />
          )}
        </div>
      </div>
    </>
  );
}

/** How the run that made a model came out when it was run once more. */
function ModelBadge({ run }: { run: Run }) {
  const reproduced = verdict.safeParse(run.tags[verdictTag]);
  if (!reproduced.success) return null;
  return (
    <Link href={runPath(run, 'reproduce')} title={`The run that made it was reproduced: ${reproduced.data}`}>
      <VerdictMark verdict={reproduced.data} />
    </Link>
  );
}

/** Arrows go through the entries in view; right opens a folder, left closes it. */
function moveInTree(event: KeyboardEvent<HTMLElement>): void {
  const { target, currentTarget } = event;
  if (!(target instanceof HTMLButtonElement)) return;
  const entries = [...currentTarget.querySelectorAll('button')];
  const at = entries.indexOf(target);
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const opens = { ArrowRight: 'false', ArrowLeft: 'true' }[event.key];
  if (step !== undefined) entries[at + step]?.focus();
  else if (opens !== undefined && target.getAttribute('aria-expanded') === opens) target.click();
  else if (opens === undefined) return;
  event.preventDefault();
  event.stopPropagation();
}

function useFolder(runId: string, folder: string) {
  return useQuery({
    queryKey: ['artifacts', runId, folder],
    queryFn: () => engine.tracking.artifacts({ runId, folder }),
  });
}

interface FolderProps {
  runId: string;
  folder: string;
  depth: number;
  chosen: Artifact | null;
  onChoose: (artifact: Artifact) => void;
}

function Folder({ runId, folder, depth, chosen, onChoose }: FolderProps) {
  const { data, error } = useFolder(runId, folder);
  const [pressed, setPressed] = useState<ReadonlySet<string>>(new Set());
  const firstFile = data?.find((artifact) => !artifact.isFolder);
  useEffect(() => {
    // Something to look at at once; whatever a person chooses stays.
    if (chosen === null && firstFile !== undefined) onChoose(firstFile);
  }, [chosen, firstFile, onChoose]);
  if (error !== null) return <ErrorNotice error={error} />;
  return (
    <ul className={pane.list}>
      {data?.map((artifact) => {
        // A folder that stands alone would only be in the way: it starts open.
        const isOpen = pressed.has(artifact.path) !== (data.length === 1);
        const name = artifact.path.slice(artifact.path.lastIndexOf('/') + 1);
        const press = () => {
          if (!artifact.isFolder) return onChoose(artifact);
          const next = new Set(pressed);
          if (!next.delete(artifact.path)) next.add(artifact.path);
          setPressed(next);
        };
        return (
          <li key={artifact.path}>
            <button
              type="button"
              className={pane.entry}
              style={{ paddingLeft: 12 + depth * 16 }}
              onClick={press}
              aria-expanded={artifact.isFolder ? isOpen : undefined}
              aria-current={chosen?.path === artifact.path ? 'true' : undefined}
              title={artifact.path}
            >
              {artifact.isFolder ? (
                isOpen ? (
                  <IconChevronDown size={14} stroke={1.5} aria-hidden />
                ) : (
                  <IconChevronRight size={14} stroke={1.5} aria-hidden />
                )
              ) : null}
              {artifact.isFolder ? (
                <IconFolder size={14} stroke={1.5} aria-hidden />
              ) : (
                <IconFile size={14} stroke={1.5} aria-hidden />
              )}
              <span className={pane.name}>{name}</span>
              {artifact.isFolder ? null : (
                <span className={pane.note}>{formatBytes(artifact.sizeBytes)}</span>
              )}
            </button>
            {artifact.isFolder && isOpen ? (
              <Folder
                runId={runId}
                folder={artifact.path}
                depth={depth + 1}
                chosen={chosen}
                onChoose={onChoose}
              />
            ) : null}
          </li>
        );
      })}
    </ul>
  );
}
