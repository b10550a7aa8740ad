import { Modal } from '@mantine/core';
import { commands } from './commands.ts';
import { keyParts } from './keyboard.ts';
import styles from './keys-dialog.module.css';

const groups = ['Go to', 'Project', 'Runs', 'Pipeline', 'Window'] as const;

/** Every key of the window, from the command table. */
export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="Keys" size={640} closeButtonProps={{ 'aria-label': 'Close' }}>
      <div className={styles.columns}>
        {groups.map((group) => (
          <section key={group} className={styles.group}>
            <h3 className={styles.name}>{group}</h3>
            <dl className={styles.list}>
              {commands
                .filter((command) => command.group === group && command.keys !== undefined)
                .map((command) => (
                  <div key={command.id} className={styles.line}>
                    <dt>{command.title}</dt>
                    <dd>
                      {command.keys?.map((keys) => (
                        <kbd key={keys} className={styles.key}>
                          {keyParts(keys).join(' ')}
                        </kbd>
                      ))}
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
