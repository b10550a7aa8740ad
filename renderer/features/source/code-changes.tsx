import { useQuery } from '@tanstack/react-query';
import type { SourceChange, SourceSide } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Pending } from '../../ui/pending.tsx';
import { DiffView } from './lazy-diff-view.ts';
import { FileList } from './file-list.tsx';
import pane from '../../ui/file-pane.module.css';
import styles from './run-code.module.css';
import { useSourceFile } from './use-source-file.ts';

/** What differs between two sides: the files, and the chosen one side by side. */
export function CodeChanges({
  before,
  after,
  none,
  chosen,
  onChoose,
}: {
  before: SourceSide;
  after: SourceSide;
  /** Said when nothing differs. */
  none: string;
  chosen: string | null;
  onChoose: (path: string) => void;
}) {
  const { data, error, refetch } = useQuery({
    queryKey: ['code-changes', before, after],
    queryFn: () => engine.source.compare({ a: before, b: after }),
    // Neither side ever changes.
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (data === undefined)
    return error === null ? (
      <Pending what="what changed" />
    ) : (
      <ErrorNotice error={error} onRetry={() => void refetch()} />
    );
  const { changes, changeCount } = data;
  if (changes.length === 0) return <p className={styles.hint}>{none}</p>;
  const change = changes.find(({ path }) => path === chosen) ?? changes[0];
  return (
    <div className={pane.split} data-read>
      <FileList
        label="Changed files"
        files={changes.map((each) => ({ path: each.path, note: noteOf(each), title: titleOf(each) }))}
        fileCount={changeCount}
        chosen={change?.path ?? null}
        onChoose={onChoose}
      />
      {change === undefined ? null : (
        <ChangedFile key={change.path} change={change} before={before} after={after} />
      )}
    </div>
  );
}

function ChangedFile({
  change,
  before,
  after,
}: {
  change: SourceChange;
  before: SourceSide;
  after: SourceSide;
}) {
  const old = useSourceFile(before, change.change === 'added' ? null : (change.oldPath ?? change.path));
  const now = useSourceFile(after, change.change === 'removed' ? null : change.path);
  const error = old.error ?? now.error;
  return (
    <div className={pane.chosen}>
      <div className={styles.head} title={titleOf(change)}>
        <code>{titleOf(change)}</code>
      </div>
      {error !== null ? <ErrorNotice error={error} /> : null}
      {old.data === undefined || now.data === undefined ? (
        error === null ? (
          <Pending what="the file" />
        ) : null
      ) : old.data.text === null || now.data.text === null ? (
        <p className={styles.hint}>
          This file is no text, or too large for git, so its two sides are not shown beside each other.
        </p>
      ) : (
        <>
          <DiffView path={change.path} before={old.data.text} after={now.data.text} />
          {old.data.isWhole && now.data.isWhole ? null : (
            <p className={styles.hint}>Only the first megabyte is shown.</p>
          )}
        </>
      )}
    </div>
  );
}

const titleOf = ({ path, oldPath }: SourceChange) => (oldPath === null ? path : `${oldPath} → ${path}`);

function noteOf({ change, addedLines, removedLines }: SourceChange): string {
  const lines = addedLines === null || removedLines === null ? '' : ` +${addedLines} −${removedLines}`;
  const words = { added: 'new', removed: 'gone', modified: '', renamed: 'renamed' } as const;
  const text = `${words[change]}${lines}`.trim();
  return text === '' ? 'changed' : text;
}
