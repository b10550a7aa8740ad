import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import type { JudgedMetric, JudgedOutput, Reproduction } from '../../../contract/index.ts';
import { engine } from '../../app/engine.ts';
import { showProblem } from '../../app/show-problem.ts';
import { formatNumber } from '../../ui/format-number.ts';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { VerdictMark } from './verdict-mark.tsx';
import styles from './run-reproduction.module.css';

/** One reproduction: how far it is, or its verdict with what was not the same. */
export function ReproductionResult({
  reproduction,
  linkTo,
}: {
  reproduction: Reproduction;
  linkTo: (what: { runId: string } | { runIds: readonly string[] }, name: string) => ReactNode;
}) {
  const { id, ofRunId, againstRunId, runId, state, verdict, why, startedAt, caveats, repeats } = reproduction;
  const metrics = reproduction.metrics.filter((metric) => metric.state !== 'equal');
  const outputs = reproduction.outputs.filter((output) => output.state !== 'equal');
  const cancel = () => {
    engine.reproduction.cancel({ id }).catch(showProblem);
  };
  return (
    <article className={styles.result}>
      <div className={styles.line}>
        {verdict === null ? <span>{stateWords[state]} …</span> : <VerdictMark verdict={verdict} />}
        <span className={styles.quiet}>
          {againstRunId === ofRunId ? null : 'judged by an earlier reproduction · '}
          <RelativeTime at={startedAt} />
        </span>
        {runId === null ? null : linkTo({ runId }, 'its run')}
        {runId === null ? null : linkTo({ runIds: [againstRunId, runId] }, 'compare')}
        {state === 'ended' ? null : <Button onClick={cancel}>Cancel</Button>}
      </div>
      {why === null ? null : <p className={styles.why}>{why}</p>}
      {caveats.map((caveat) => (
        <p key={caveat} className={styles.quiet}>
          {caveat}
        </p>
      ))}
      {repeats.length === 0 ? null : (
        <p className={styles.quiet}>
          {repeats.length === 1 ? '1 repeat' : `${repeats.length} repeats`} with other seeds:{' '}
          {linkTo({ runIds: [ofRunId, ...repeats.map((repeat) => repeat.runId)] }, 'compare them')}
        </p>
      )}
      {metrics.length + outputs.length === 0 ? null : (
        <table className={styles.table}>
          <tbody>
            {metrics.map((metric) => (
              <tr key={`metric ${metric.name}`}>
                <th scope="row">{metric.name}</th>
                <td className={styles.state}>{metric.state}</td>
                <td className={styles.what}>{metricText(metric)}</td>
              </tr>
            ))}
            {outputs.map((output) => (
              <OutputRow key={`output ${output.path}`} output={output} />
            ))}
          </tbody>
        </table>
      )}
    </article>
  );
}

const stateWords: Record<Reproduction['state'], string> = {
  preparing: 'Bringing code, data and environment together',
  running: 'Running',
  judging: 'Comparing what came of it',
  repeating: 'Running it with other seeds',
  ended: 'Ended',
};

function OutputRow({ output: { path, state, detail } }: { output: JudgedOutput }) {
  return (
    <tr>
      <th scope="row">{path}</th>
      <td className={styles.state}>{state}</td>
      <td className={styles.what}>{detail}</td>
    </tr>
  );
}

function metricText({ a, b, why }: JudgedMetric): string {
  const values = `${a === null ? 'none' : formatNumber(a)} → ${b === null ? 'none' : formatNumber(b)}`;
  return why === null ? values : `${values}, ${why}`;
}
