import { memo } from 'react';
import { StatusMark } from '../../../ui/status-mark.tsx';
import type { StageLook } from '../stage-look.ts';
import styles from './graph-view.module.css';

/** A node near enough to be read: its state, its name, and why in short. */
export const NodeBox = memo(function NodeBox(props: {
  name: string;
  detail: string;
  look: StageLook;
  /** Of a folded group: how many stages it holds; null for a stage. */
  count: number | null;
  x: number;
  y: number;
  isSelected: boolean;
  isDimmed: boolean;
}) {
  const { name, detail, look, count, x, y, isSelected, isDimmed } = props;
  return (
    <div
      className={styles.node}
      style={{ left: x, top: y }}
      data-look={look}
      data-group={count !== null || undefined}
      data-selected={isSelected || undefined}
      data-dimmed={isDimmed || undefined}
      title={`${name}${detail === '' ? '' : `: ${detail}`}`}
    >
      <StatusMark status={look} isIconOnly />
      <span className={styles.words}>
        <span className={styles.name}>
          {name}
          {count === null ? null : <span className={styles.count}> × {count}</span>}
        </span>
        <span className={styles.detail}>{detail}</span>
      </span>
    </div>
  );
});
