import { IconTrophy } from '@tabler/icons-react';
import styles from './models.module.css';

/** An alias as a mark; in a list of models with the version that has it. The champion is known by its shape too. */
export function AliasMark({ alias, version }: { alias: string; version?: number }) {
  return (
    <span className={styles.mark} data-champion={alias === 'champion' || undefined}>
      {alias === 'champion' ? <IconTrophy size={12} stroke={1.5} aria-hidden /> : null}
      {alias}
      {version === undefined ? null : <span className={styles.markVersion}> {version}</span>}
    </span>
  );
}
