import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useChangeMeasureRule, useMeasureRules } from '../../app/use-measure-rules.ts';
import styles from './project-home.module.css';

/** What this project renames or ignores of what is read from its runs. Nothing where it does neither. */
export function MeasureRules({ projectId }: { projectId: string }) {
  const { data: rules = [] } = useMeasureRules(projectId);
  const change = useChangeMeasureRule(projectId);
  if (rules.length === 0) return null;
  return (
    <section aria-labelledby="measure-rules">
      <h2 id="measure-rules" className={styles.heading}>
        Renamed and ignored metrics
      </h2>
      <ul className={styles.list}>
        {rules.map(({ name, shownName }) => (
          <li key={name} className={styles.line}>
            <code className={styles.file} title={name}>
              {name}
            </code>
            <span className={styles.detail} title={shownName ?? undefined}>
              {shownName === null ? 'ignored' : `is ${shownName}`}
            </span>
            <ActionIcon
              size={24}
              aria-label={`Remove the rule for ${name}`}
              onClick={() => change.mutate({ name, rule: null })}
            >
              <IconX size={14} stroke={1.5} aria-hidden />
            </ActionIcon>
          </li>
        ))}
      </ul>
    </section>
  );
}
