import { useEffect, useState } from 'react';
import styles from './pending.module.css';

/** Nothing for the first 300 ms, then one line that says what is being read. */
export function Pending({ what }: { what: string }) {
  const [isShown, show] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => show(true), 300);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" className={styles.pending}>
      {isShown ? `Reading ${what} …` : ''}
    </div>
  );
}
