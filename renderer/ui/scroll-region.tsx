import type { ReactNode, Ref } from 'react';
import styles from './scroll-region.module.css';

/** What of a page scrolls, by keys too: a region with a name, one Tab stop. */
export function ScrollRegion({
  label,
  ref,
  children,
}: {
  label: string;
  ref?: Ref<HTMLDivElement>;
  children: ReactNode;
}) {
  return (
    <div ref={ref} className={styles.region} tabIndex={0} role="region" aria-label={label} data-read>
      {children}
    </div>
  );
}
