import { NativeSelect } from '@mantine/core';
import { useState } from 'react';
import {
  labelsText,
  performanceMetric,
  performanceMetricNames,
  type JudgedChunk,
  type MonitorResults,
  type PerformanceMetric,
} from '../../../contract/index.ts';
import { CalibrationPicture } from './calibration-picture.tsx';
import styles from './monitoring.module.css';

const width = 900;
const height = 120;
const margin = 6;

/** Whether the model suffers: of each chunk what was estimated and what came true, within what the reference had. */
export function PerformancePanel({ results: { chunks, gravestChunkId } }: { results: MonitorResults }) {
  const [metric, setMetric] = useState<PerformanceMetric>('auc');
  const telling = tellingChunk(chunks, gravestChunkId);
  const points = chunks.map(({ label, performance }) => ({
    label,
    labels: performance?.labels,
    value: performance?.values.find((each) => each.metric === metric),
  }));
  const all = points
    .flatMap(({ value }) => [
      value?.lowerThreshold,
      value?.upperThreshold,
      value?.low,
      value?.high,
      value?.realised,
    ])
    .filter((each) => typeof each === 'number');
  const least = Math.min(...all);
  const span = Math.max(Math.max(...all) - least, 1e-9);
  const y = (value: number) => height - margin - ((value - least) / span) * (height - 2 * margin);
  const step = width / Math.max(chunks.length, 1);
  const words = points.map(({ label, value, labels }) => `${label}: ${valueWords(value, labels)}`);
  return (
    <section className={styles.panel} aria-labelledby="panel-model">
      <div className={styles.modelHead}>
        <h2 id="panel-model">Model</h2>
        <NativeSelect
          size="xs"
          aria-label="Metric"
          data={performanceMetric.options.map((value) => ({ value, label: performanceMetricNames[value] }))}
          value={metric}
          onChange={(event) => setMetric(event.currentTarget.value as PerformanceMetric)}
        />
        <span className={styles.key} data-of="bounds">
          as in the reference
        </span>
        <span className={styles.key} data-of="estimated">
          estimated, with three standard errors
        </span>
        <span className={styles.key} data-of="realised">
          by labels
        </span>
      </div>
      {telling === undefined ? null : (
        <p className={styles.sentence}>
          {telling.label}: {telling.performance?.about}
        </p>
      )}
      {all.length === 0 ? (
        <p>No chunk has enough answers for this metric.</p>
      ) : (
        <div className={styles.scaled}>
          <div className={styles.scale} aria-hidden>
            <span>{(least + span).toFixed(2)}</span>
            <span>{least.toFixed(2)}</span>
          </div>
          <svg
            viewBox={`0 0 ${width} ${height}`}
            preserveAspectRatio="none"
            role="img"
            aria-label={`${performanceMetricNames[metric]} over time. ${words.slice(0, 40).join('; ')}`}
          >
            {points.map(({ label, value, labels }, at) => (
              <g key={label}>
                <title>{`${label}: ${valueWords(value, labels)}`}</title>
                <rect x={at * step} y={0} width={step} height={height} className={styles.hit} />
                {value === undefined ? null : (
                  <>
                    <Span
                      x={at * step}
                      width={step}
                      y={y}
                      from={value.lowerThreshold}
                      to={value.upperThreshold}
                      className={styles.bounds}
                    />
                    <Span
                      x={(at + 0.3) * step}
                      width={step * 0.4}
                      y={y}
                      from={value.low}
                      to={value.high}
                      className={styles.interval}
                    />
                    <Dash at={at} step={step} y={y} value={value.estimated} className={styles.estimated} />
                    <Dash
                      at={at}
                      step={step}
                      y={y}
                      value={value.realised}
                      className={value.isRealisedAlarm ? styles.flag : styles.realised}
                    />
                  </>
                )}
              </g>
            ))}
          </svg>
        </div>
      )}
      <div className={styles.ends} aria-hidden>
        <span>{chunks[0]?.label}</span>
        <span>{chunks.length > 1 ? chunks.at(-1)?.label : ''}</span>
      </div>
      <CalibrationPicture chunks={chunks} telling={telling} />
    </section>
  );
}

type Value = NonNullable<JudgedChunk['performance']>['values'][number];
type Labels = NonNullable<JudgedChunk['performance']>['labels'];

/** The last chunk in which the model suffers; else the gravest, or else the last one that tells of the model. */
function tellingChunk(chunks: readonly JudgedChunk[], gravestId: number | null): JudgedChunk | undefined {
  const watched = chunks.filter(({ performance }) => performance !== null);
  return (
    watched.findLast(({ performance }) => performance?.verdict === 'worse') ??
    watched.find(({ id }) => id === gravestId) ??
    watched.at(-1)
  );
}

function valueWords(value: Value | undefined, labels: Labels | undefined): string {
  if (value === undefined) return 'nothing to tell';
  const { estimated, low, high, realised, before, lowerThreshold, upperThreshold } = value;
  const number = (each: number | null) => (each === null ? '?' : each.toFixed(3));
  const known =
    realised === null
      ? ''
      : `, by labels ${number(realised)}${labels === undefined ? '' : ` (of ${labelsText(labels)})`}${before === null ? '' : `, told as ${number(before)} when they fell due`}`;
  return `estimated ${number(estimated)} (${number(low)}–${number(high)})${known}; the reference had ${number(lowerThreshold)}–${number(upperThreshold)}`;
}

function Span({
  x,
  width: wide,
  y,
  from,
  to,
  className,
}: {
  x: number;
  width: number;
  y: (value: number) => number;
  from: number | null;
  to: number | null;
  className: string | undefined;
}) {
  return from === null || to === null ? null : (
    <rect x={x} y={y(to)} width={wide} height={Math.max(y(from) - y(to), 1)} className={className} />
  );
}

function Dash({
  at,
  step,
  y,
  value,
  className,
}: {
  at: number;
  step: number;
  y: (value: number) => number;
  value: number | null;
  className: string | undefined;
}) {
  return value === null ? null : (
    <rect x={(at + 0.15) * step} y={y(value) - 1.5} width={step * 0.7} height={3} className={className} />
  );
}
