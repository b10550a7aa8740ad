import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, type ReactNode } from 'react';
import type { Artifact } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { showProblem } from '../../app/show-problem.ts';
import { copyText } from '../../ui/copy-text.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { formatBytes } from '../../ui/format-bytes.ts';
import { saveFile } from '../../ui/save-file.ts';
import { Pending } from '../../ui/pending.tsx';
import { artifactKind } from './artifact-kind.ts';
import { CellTable } from './cell-table.tsx';
import { MarkdownView } from './markdown-view.tsx';
import { PagePreview } from './page-preview.tsx';
import { readDelimited } from './read-delimited.ts';
import styles from './run-artifacts.module.css';
import { StoredTable } from './stored-table.tsx';

const lookBytes = 512 * 1024;
/** Images and pages are shown whole or not at all. */
const wholeBytesAtMost = 32 * 1024 * 1024;
const pageBytes = 4 * 1024 * 1024;
const rowsAtMost = 500;

/** Tables whose bytes are no text: the engine reads them. */
const packedTable = /\.(parquet|pq|[ct]sv\.gz)$/i;

/** A look into a recorded file, by what its name and bytes say it is. Nothing in it runs. */
export function ArtifactPreview({
  runId,
  artifact,
  badge,
}: {
  runId: string;
  artifact: Artifact;
  /** What is known of it beside its bytes. */
  badge: ReactNode;
}) {
  const { objectId, path, sizeBytes } = artifact;
  const isWhole = ['image', 'page'].includes(artifactKind(path, Uint8Array.of(1)));
  const storedTable = objectId !== null && packedTable.test(path) ? objectId : null;
  const { data, error, refetch } = useQuery({
    // What a client keeps at a location of its own can change under its name.
    queryKey: objectId === null ? ['artifact', runId, path, isWhole] : ['object', objectId, isWhole],
    queryFn: () => readBytes(runId, artifact, isWhole ? Math.min(sizeBytes, wholeBytesAtMost) : lookBytes),
    enabled: storedTable === null,
    gcTime: 60_000,
  });
  const save = useMutation({
    mutationFn: async () => {
      saveFile(
        new Blob([await readBytes(runId, artifact, sizeBytes)]),
        path.slice(path.lastIndexOf('/') + 1),
      );
    },
    onError: showProblem,
  });
  return (
    <>
      <div className={styles.head}>
        <code className={styles.path} title={objectId === null ? path : `sha256 ${objectId}`}>
          {path}
        </code>
        <span className={styles.quiet}>{formatBytes(sizeBytes)}</span>
        {badge}
        <Button onClick={() => void copyText(path, 'the path')}>Copy path</Button>
        <Button onClick={() => save.mutate()} loading={save.isPending}>
          Save a copy
        </Button>
      </div>
      {storedTable !== null ? (
        <StoredTable objectId={storedTable} path={path} />
      ) : error !== null ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Pending what={path} />
      ) : (
        <Content path={path} bytes={data} sizeBytes={sizeBytes} />
      )}
    </>
  );
}

async function readBytes(
  runId: string,
  { objectId, path }: Artifact,
  limitBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let offset = 0;
  for (;;) {
    const limit = Math.min(pageBytes, limitBytes - offset);
    if (limit <= 0) break;
    const page =
      objectId === null
        ? await engine.tracking.artifactBytes({ runId, path, offset, limit })
        : await engine.objects.read({ objectId, offset, limit });
    parts.push(new Uint8Array(page.bytes));
    offset += page.bytes.length;
    if (page.bytes.length < limit || offset >= page.sizeBytes) break;
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

function Content({
  path,
  bytes,
  sizeBytes,
}: {
  path: string;
  bytes: Uint8Array<ArrayBuffer>;
  sizeBytes: number;
}) {
  const kind = artifactKind(path, bytes);
  const isPart = bytes.length < sizeBytes;
  const text = useMemo(
    () => (kind === 'image' || kind === 'binary' ? '' : new TextDecoder().decode(bytes)),
    [kind, bytes],
  );
  if (kind === 'image') return <Picture path={path} bytes={bytes} />;
  if (kind === 'binary')
    return (
      <p className={styles.hint}>
        {sizeBytes === 0
          ? 'The file is empty.'
          : 'Not text, a table or an image. Save a copy to open it elsewhere.'}
      </p>
    );
  if (kind === 'table')
    return <Table text={text} separator={path.endsWith('.tsv') ? '\t' : ','} isPart={isPart} />;
  if (kind === 'markdown' && !isPart) return <MarkdownView text={text} />;
  if (kind === 'page' && !isPart) return <PagePreview path={path} html={text} />;
  return (
    <>
      <pre className={styles.content} tabIndex={0}>
        {kind === 'json' && !isPart ? prettyJson(text) : text}
      </pre>
      {isPart ? (
        <p className={styles.hint}>
          Showing the first {formatBytes(bytes.length)} of {formatBytes(sizeBytes)}.
        </p>
      ) : null}
    </>
  );
}

/** Laid out over lines; a text that is no JSON after all is shown as it stands. */
function prettyJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

function Picture({ path, bytes }: { path: string; bytes: Uint8Array<ArrayBuffer> }) {
  const imageRef = useRef<HTMLImageElement>(null);
  useEffect(() => {
    // An image element runs nothing, not even what an SVG holds.
    const url = URL.createObjectURL(
      new Blob([bytes], path.endsWith('.svg') ? { type: 'image/svg+xml' } : {}),
    );
    if (imageRef.current !== null) imageRef.current.src = url;
    return () => URL.revokeObjectURL(url);
  }, [bytes, path]);
  return (
    <div className={styles.content}>
      <img ref={imageRef} alt={path} />
    </div>
  );
}

function Table({ text, separator, isPart }: { text: string; separator: string; isPart: boolean }) {
  const rows = useMemo(() => {
    const all = readDelimited(text, separator, rowsAtMost + 2);
    // The last row of a part may be cut in the middle.
    return isPart && all.length < rowsAtMost + 2 ? all.slice(0, -1) : all;
  }, [text, separator, isPart]);
  const [names = [], ...body] = rows;
  return (
    <div className={styles.content} tabIndex={0} role="region" aria-label="Table">
      <CellTable names={names} rows={body.slice(0, rowsAtMost)} />
      {body.length > rowsAtMost || isPart ? (
        <p className={styles.hint}>Showing the first {Math.min(rowsAtMost, body.length)} rows.</p>
      ) : null}
    </div>
  );
}
