import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import styles from './side-panel.module.css';

/** A panel beside what was chosen: what it is about in its head, with the way to close it, and all else to scroll through below. */
export function SidePanel({
  kind,
  name,
  beside,
  onClose,
  children,
}: {
  kind: 'Stage' | 'Group' | 'Version' | 'Delivery' | 'Column';
  name: string;
  /** Stands behind the name. */
  beside: ReactNode;
  onClose: () => void;
  children: ReactNode;
}) {
  return (
    <aside className={styles.panel} aria-label={`${kind} ${name}`} data-region="panel">
      <header className={styles.head}>
        <h2 className={styles.name} title={name}>
          {kind === 'Version' ? `version ${name}` : name}
        </h2>
        {beside}
        <ActionIcon
          size={24}
          aria-label="Close"
          title="Close (Esc)"
          onClick={onClose}
          className={styles.close}
        >
          <IconX size={14} stroke={1.5} />
        </ActionIcon>
      </header>
      <div className={styles.body} tabIndex={0} role="region" aria-label={`About ${name}`}>
        {children}
      </div>
    </aside>
  );
}
