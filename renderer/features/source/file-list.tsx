import type { KeyboardEvent } from 'react';
import pane from '../../ui/file-pane.module.css';
import styles from './run-code.module.css';

/** Files by path, of which one is chosen. Arrows go from one to the next. */
export function FileList({
  label,
  files,
  fileCount,
  chosen,
  onChoose,
}: {
  label: string;
  files: readonly { path: string; note: string; title: string }[];
  /** Of all, also those that are not in the list. */
  fileCount: number;
  chosen: string | null;
  onChoose: (path: string) => void;
}) {
  return (
    <nav className={pane.files} aria-label={label}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <ul className={pane.list} onKeyDown={moveInList}>
        {files.map(({ path, note, title }) => (
          <li key={path}>
            <button
              type="button"
              className={pane.entry}
              title={title}
              aria-current={path === chosen ? 'true' : undefined}
              onClick={() => onChoose(path)}
            >
              <span className={`${pane.name} ${styles.path}`}>
                <bdi>{path}</bdi>
              </span>
              <span className={pane.note}>{note}</span>
            </button>
          </li>
        ))}
      </ul>
      {files.length < fileCount ? (
        <p className={styles.more}>
          Showing the first {files.length.toLocaleString('en-US')} of {fileCount.toLocaleString('en-US')}.
        </p>
      ) : null}
    </nav>
  );
}

function moveInList(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined || !(event.target instanceof HTMLButtonElement)) return;
  const entries = [...event.currentTarget.querySelectorAll('button')];
  entries[entries.indexOf(event.target) + step]?.focus();
  event.preventDefault();
  event.stopPropagation();
}
