import { Modal } from '@mantine/core';
import { commands } from './commands.ts';
import { keyParts } from './keyboard.ts';
import styles from './keys-dialog.module.css';
import { localKeys } from './local-keys.ts';

const groups = ['Go to', 'Project', 'Runs', 'Pipeline', 'Model', 'Window'] as const;

/** Every key of the window: of the command table, then those of single parts of pages. */
export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="Keys" size={640}>
      <div className={styles.columns}>
        {groups.map((group) => (
          <KeyGroup
            key={group}
            name={group}
            lines={commands.flatMap(({ title, keys, group: own }) =>
              own === group && keys !== undefined ? { title, keys } : [],
            )}
          />
        ))}
        {localKeys.map(({ place, keys }) => (
          <KeyGroup key={place} name={place} lines={keys} />
        ))}
      </div>
    </Modal>
  );
}

function KeyGroup({
  name,
  lines,
}: {
  name: string;
  lines: readonly { readonly title: string; readonly keys: readonly string[] }[];
}) {
  return (
    <section className={styles.group}>
      <h3 className={styles.name}>{name}</h3>
      <dl className={styles.list}>
        {lines.map(({ title, keys }) => (
          <div key={title} className={styles.line}>
            <dt>{title}</dt>
            <dd>
              {keys.map((key) => (
                <kbd key={key} className={styles.key}>
                  {keyParts(key).join(' ')}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
