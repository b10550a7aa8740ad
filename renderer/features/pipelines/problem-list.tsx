import type { Pipeline } from '../../../contract/index.ts';
import styles from './problem-list.module.css';

const shownProblems = 50;

/** What is wrong in the definition, where, and how to mend it. */
export function ProblemList({ pipeline: { file, problems } }: { pipeline: Pipeline }) {
  if (problems.length === 0) return null;
  return (
    <section className={styles.problems} aria-labelledby="problems">
      <h2 id="problems" className={styles.heading}>
        {problems.length === 1 ? 'One thing' : `${problems.length} things`} to mend in {file}
      </h2>
      <ul className={styles.list}>
        {problems.slice(0, shownProblems).map((problem) => (
          <li
            key={`${problem.file}:${problem.line}:${problem.column} ${problem.message}`}
            className={styles.problem}
          >
            <code>
              {problem.file}:{problem.line}:{problem.column}
            </code>
            <span>
              {problem.message} <span className={styles.fix}>{problem.fix}</span>
            </span>
          </li>
        ))}
      </ul>
      {problems.length > shownProblems ? (
        <p className={styles.fix}>
          Showing the first {shownProblems} of {problems.length}.
        </p>
      ) : null}
    </section>
  );
}
