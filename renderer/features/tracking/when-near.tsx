import { useEffect, useRef, useState, type ReactNode } from 'react';
import styles from './run-charts.module.css';

/** How far below the screen a chart is made ready. */
const aheadPx = 400;

/** Room for a chart, which is drawn (and its points asked for) once it comes near the screen: a run may have hundreds. */
export function WhenNear({ heightPx, children }: { heightPx: number; children: () => ReactNode }) {
  const room = useRef<HTMLDivElement>(null);
  const [isNear, setNear] = useState(false);
  useEffect(() => {
    if (isNear || room.current === null) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setNear(true);
      },
      { rootMargin: `${aheadPx}px` },
    );
    observer.observe(room.current);
    return () => observer.disconnect();
  }, [isNear]);
  return (
    <div ref={room} className={styles.room} style={{ minHeight: heightPx }}>
      {isNear ? children() : null}
    </div>
  );
}
