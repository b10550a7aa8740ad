import { spotlight } from '@mantine/spotlight';
import { useQuery } from '@tanstack/react-query';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, type ReactNode } from 'react';
import { engine } from './engine.ts';
import { keyParts } from './keyboard.ts';
import styles from './page-frame.module.css';
import { windowTitle } from './window-title.ts';

/** A page: its name and actions in the title strip, its body below. `name` is also the window's title. */
export function PageFrame({
  name,
  runId = null,
  heading,
  beside,
  actions,
  children,
}: {
  name: string;
  /** The run it shows: its progress stands in the title. */
  runId?: string | null;
  heading?: ReactNode;
  /** Stands behind the name, muted. */
  beside?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}) {
  const { data: queue } = useQuery({ queryKey: ['jobs'], queryFn: () => engine.runner.queue({}) });
  const title = windowTitle(name, queue?.jobs ?? [], runId);
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <div className={styles.page}>
      <header className={styles.strip} data-region="title">
        <div className={styles.heading}>
          {heading ?? <h1 className={styles.name}>{name}</h1>}
          {beside === null || beside === undefined ? null : <div className={styles.beside}>{beside}</div>}
        </div>
        <div className={styles.actions}>{actions}</div>
        <button type="button" className={styles.search} onClick={() => spotlight.open()}>
          <IconSearch size={14} stroke={1.5} aria-hidden />
          <span className={styles.searchText}>Search</span>
          <kbd className={styles.key} aria-hidden>
            {keyParts('mod+K').join(' ')}
          </kbd>
        </button>
      </header>
      <div className={styles.body}>{children}</div>
    </div>
  );
}
