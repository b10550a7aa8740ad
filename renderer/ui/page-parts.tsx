import { Link } from 'wouter';
import styles from './page-parts.module.css';

/** One part of a page. What `count` tells stands behind its name. */
export interface PagePart {
  readonly id: string;
  readonly name: string;
  readonly href: string;
  readonly count?: number | undefined;
}

/** The parts of a page, one of them on screen. Each has an address; going back leaves the page. */
export function PageParts({
  label,
  parts,
  current,
}: {
  label: string;
  parts: readonly PagePart[];
  current: string;
}) {
  return (
    <nav className={styles.parts} aria-label={label}>
      {parts.map(({ id, name, href, count }) => (
        <Link
          key={id}
          href={href}
          replace
          className={styles.part}
          aria-current={id === current ? 'page' : undefined}
        >
          {name}
          {count === undefined ? null : <span className={styles.count}>{count}</span>}
        </Link>
      ))}
    </nav>
  );
}
