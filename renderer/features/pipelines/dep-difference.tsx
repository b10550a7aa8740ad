import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { engine } from '../../app/engine.ts';
import { useProjects } from '../../app/use-projects.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Pending } from '../../ui/pending.tsx';
import { RecordingNotice, useRecording, VersionDelta } from '../data/index.ts';
import { DiffView } from '../source/index.ts';
import styles from './stage-panel.module.css';

/** Longer texts are compared as data: by files and bytes. */
const textBytesAtMost = 512 * 1024;

/**
 * What changed in something that a stage reads, since the run that its outputs are of. What it holds now is recorded as a data version for
 * that, so that there are two sides to compare.
 * @param before the version that was read then
 */
export default function DepDifference({
  projectId,
  path,
  before,
  onClose,
}: {
  projectId: string;
  path: string;
  before: string;
  onClose: () => void;
}) {
  const { data: projects } = useProjects();
  const folder = projects?.find(({ id }) => id === projectId)?.path;
  const { recording, record, cancel } = useRecording();
  useEffect(() => {
    if (folder !== undefined) void record(`${folder}/${path}`);
    // Once, when it is opened.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [folder, path]);
  return (
    <Modal opened onClose={onClose} title={`${path}, before and now`} size={1000}>
      {recording.kind === 'done' ? (
        <Versions path={path} before={before} after={recording.event.moment.version} />
      ) : recording.kind === 'failed' ? (
        <ErrorNotice error={recording.error} />
      ) : (
        <RecordingNotice recording={recording} onCancel={cancel} />
      )}
    </Modal>
  );
}

function Versions({ path, before, after }: { path: string; before: string; after: string }) {
  const texts = useQuery({
    queryKey: ['data', 'texts', before, after],
    queryFn: async () => {
      const sides = await Promise.all([textOf(before), textOf(after)]);
      const [old, now] = sides;
      return old === null || now === null ? null : { old, now };
    },
    staleTime: Infinity,
  });
  if (before === after) return <p className={styles.quiet}>It holds the same again.</p>;
  if (texts.data === undefined && texts.error === null) return <Pending what="both versions" />;
  if (!texts.data) return <VersionDelta before={before} after={after} />;
  return <DiffView path={path} before={texts.data.old} after={texts.data.now} />;
}

/** The text of a version that is one file of text, and no table; null for every other. */
async function textOf(version: string): Promise<string | null> {
  const { entries, total } = await engine.data.files({ version, limit: 2 });
  const [only] = entries;
  if (total !== 1 || only === undefined || only.objectId === null || only.sizeBytes > textBytesAtMost)
    return null;
  if (/\.(csv|tsv|parquet)(\.|$)/.test(only.path)) return null;
  const { bytes } = await engine.objects.read({
    objectId: only.objectId,
    offset: 0,
    limit: Math.max(1, only.sizeBytes),
  });
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Not UTF-8, so no text: compared as data.
    return null;
  }
}
