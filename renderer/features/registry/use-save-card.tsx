import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { errorShapeOf } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import bars from '../../ui/bar.module.css';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import styles from './models.module.css';

/** Writes a card into the folder of the project. What somebody wrote there by hand is written over only when that is asked for. */
export function useSaveCard(key: { name: string; version: number }, projectId: string | null) {
  const save = useMutation({
    mutationFn: (overwrite: boolean) =>
      engine.registry.saveCard({ ...key, ...(projectId === null ? {} : { projectId }), overwrite }),
  });
  const isChanged = save.error !== null && errorShapeOf(save.error).code === 'conflict';
  return {
    button: (
      <Button loading={save.isPending} onClick={() => save.mutate(false)}>
        Save in the project
      </Button>
    ),
    outcome:
      save.data !== undefined ? (
        <div className={bars.bar} role="status">
          <span className={styles.leads}>
            Saved as {save.data.path}. {commitWords(save.data.isCommitted)}
          </span>
        </div>
      ) : save.error === null ? null : (
        <div className={styles.problem}>
          <ErrorNotice error={save.error} />
          <div className={styles.choice}>
            {isChanged && !save.variables ? (
              <Button onClick={() => save.mutate(true)}>Write over it</Button>
            ) : null}
            <Button onClick={() => save.reset()}>Leave it</Button>
          </div>
        </div>
      ),
  };
}

const commitWords = (isCommitted: boolean | null): string =>
  isCommitted === null
    ? 'No repository is around it.'
    : isCommitted
      ? 'The last commit has it so.'
      : 'It is in no commit yet.';
