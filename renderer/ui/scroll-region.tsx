import type { ReactNode } from 'react';
import styles from './scroll-region.module.css';

/** What of a page scrolls, by keys too: a region with a name, one Tab stop. */
export function ScrollRegion({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={styles.region} tabIndex={0} role="region" aria-label={label} data-read>
      {children}
    </div>
  );
}
