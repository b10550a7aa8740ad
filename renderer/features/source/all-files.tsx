import { useQuery } from '@tanstack/react-query';
import { engine } from '../../app/engine.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatBytes } from '../../ui/format-bytes.ts';
import { Pending } from '../../ui/pending.tsx';
import { whenLoaded } from '../../ui/when-loaded.tsx';
import { FileList } from './file-list.tsx';
import pane from '../../ui/file-pane.module.css';
import styles from './run-code.module.css';
import { useSourceFile } from './use-source-file.ts';

const TextView = whenLoaded(() => import('./text-view.tsx'));

/** Every file of a snapshot, and a look into the chosen one. */
export function AllFiles({
  runId,
  chosen,
  onChoose,
}: {
  runId: string;
  chosen: string | null;
  onChoose: (path: string) => void;
}) {
  const { data, error, refetch } = useQuery({
    queryKey: ['source-files', runId],
    queryFn: () => engine.source.files({ runId, limit: 2000 }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (data === undefined)
    return error === null ? (
      <Pending what="the files" />
    ) : (
      <ErrorNotice error={error} onRetry={() => void refetch()} />
    );
  const file = data.files.find(({ path }) => path === chosen) ?? data.files[0];
  if (file === undefined) return <p className={styles.hint}>There are no files in it.</p>;
  return (
    <div className={pane.split} data-read>
      <FileList
        label="Files"
        files={data.files.map(({ path, sizeBytes, kind }) => ({
          path,
          note: sizeBytes === null ? kind : formatBytes(sizeBytes),
          title: path,
        }))}
        fileCount={data.fileCount}
        chosen={file.path}
        onChoose={onChoose}
      />
      <OneFile key={file.path} runId={runId} path={file.path} />
    </div>
  );
}

function OneFile({ runId, path }: { runId: string; path: string }) {
  const { data, error } = useSourceFile({ runId, at: 'snapshot' }, path);
  return (
    <div className={pane.chosen}>
      <div className={styles.head} title={path}>
        <code>{path}</code>
      </div>
      {error !== null ? <ErrorNotice error={error} /> : null}
      {data === undefined ? (
        error === null ? (
          <Pending what="the file" />
        ) : null
      ) : data.text === null ? (
        <p className={styles.hint}>This file is no text, or too large for git and kept by its content.</p>
      ) : (
        <>
          <TextView path={path} text={data.text} />
          {data.isWhole ? null : <p className={styles.hint}>Only the first megabyte is shown.</p>}
        </>
      )}
    </div>
  );
}
