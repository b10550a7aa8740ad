import { Button } from '@mantine/core';
import { useOpenProject } from '../../app/use-projects.ts';
import { showDialog } from '../../app/window-state.ts';
import styles from './first-run-page.module.css';

/** The first thing a new user sees: two ways to begin, and what happens to their files. */
export function FirstRunPage() {
  const { mutate: open, isPending } = useOpenProject();
  return (
    <div className={styles.page}>
      <h2 className={styles.title}>Record your training runs, on this laptop</h2>
      <p className={styles.lead}>
        Benchtop starts your scripts as they are and keeps what they print, measure and write. Nothing leaves
        this machine, and opening a folder writes nothing into it.
      </p>
      <div className={styles.ways}>
        <section className={styles.way}>
          <h3 className={styles.wayName}>Look around first</h3>
          <p>Flight delays, New York 2013: a real pipeline with recorded runs. Needs no Python to look at.</p>
          <Button variant="filled" loading={isPending} onClick={() => open({ sample: true })}>
            Open the sample project
          </Button>
        </section>
        <section className={styles.way}>
          <h3 className={styles.wayName}>Use your own</h3>
          <p>Any folder with scripts, notebooks, a pipeline or data. Benchtop lists what it finds there.</p>
          <Button onClick={() => showDialog('open-folder')}>Open a folder</Button>
        </section>
      </div>
    </div>
  );
}
